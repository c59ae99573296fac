import { parentPort, workerData } from 'node:worker_threads'
import { BaseError } from '../../schema/errors.ts'
import type { Adapter } from '../models/adapter.ts'
import { readAdapter } from '../models/read-adapter.ts'
import { readBaseModel } from '../models/read-base-model.ts'
import { adapterDigest } from './adapter-digest.ts'
import { createAdapterPool } from './adapter-pool.ts'
import type { AdapterReference } from './decode-job.ts'
import type { DecodeCommand, DecodeReport, DecodeWorkerData } from './decode-messages.ts'
import { openDecodeModel } from './decode-model.ts'
import { createDecodeScheduler } from './decode-scheduler.ts'
import { describeFailure } from './describe-failure.ts'

// onnxruntime computes on the calling thread, so the model lives in this worker and HTTP elsewhere.
const port = parentPort!
const report = (message: DecodeReport): void => port.postMessage(message)

try {
  await serve((workerData as { data: DecodeWorkerData }).data)
} catch (error) {
  report({ type: 'refused', failure: describeFailure(error) })
}

async function serve(data: DecodeWorkerData): Promise<void> {
  const { slots, poolRows, rank, threads } = data
  const base = await readBaseModel(data.modelDirectory)
  const contextLength = Math.min(data.contextLength ?? Infinity, base.config.maxPositions)
  const model = await openDecodeModel({
    model: base,
    slots,
    poolRows,
    rank,
    contextLength,
    threads,
  })
  const pool = createAdapterPool(poolRows)
  const read = async (directory: string): Promise<Adapter> => {
    const adapter = await readAdapter(directory, base.config)
    if (adapter.lora.rank <= rank) return adapter
    throw new BaseError('ADAPTER_INVALID', {
      facts: { rank: adapter.lora.rank, maxRank: rank },
    })
  }
  const scheduler = createDecodeScheduler({
    model,
    pool,
    slots,
    contextLength,
    prefillTokens: 512,
    async loadAdapter({ directory, digest }: AdapterReference) {
      const adapter = await read(directory)
      if (adapterDigest(adapter) === digest) return adapter
      throw new BaseError('ADAPTER_CHANGED', { facts: { directory } })
    },
    emit: (events) => report({ type: 'events', events }),
  })
  const answer = async (call: number, work: () => Promise<DecodeReport>): Promise<void> => {
    try {
      report(await work())
    } catch (error) {
      report({ type: 'failed', call, failure: describeFailure(error) })
    }
  }
  const obey = async (command: DecodeCommand): Promise<void> => {
    switch (command.type) {
      case 'submit':
        return scheduler.submit(command.job)
      case 'cancel':
        return scheduler.cancel(command.id)
      case 'inspect':
        return answer(command.call, async () => {
          const digest = adapterDigest(await read(command.directory))
          return { type: 'digest', call: command.call, digest }
        })
      case 'stats':
        return report({
          type: 'stats',
          call: command.call,
          stats: { ...scheduler.stats(), ...pool.stats() },
        })
      case 'close':
        await scheduler.close()
        await model.close()
        port.close()
    }
  }
  port.on('message', (command: DecodeCommand) => void obey(command))
  report({ type: 'ready', contextLength, vocabularySize: base.config.vocabularySize })
}
