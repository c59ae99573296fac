import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { BaseError, isErrorWithCode } from '../../schema/errors.ts'
import type { LoraTraining, TrainingProgress } from './train-lora.ts'
import type { TrainJob, TrainMessage } from './train-worker.ts'

export interface TrainInWorkerOptions extends Omit<TrainJob, 'progressInterval'> {
  readonly progressInterval?: number
  readonly onProgress?: (progress: TrainingProgress) => void
  readonly signal?: AbortSignal
}

/** Node 20 cannot run TypeScript itself, and a worker does not inherit the loader of its parent. */
function loaderArguments(): string[] {
  if (!import.meta.url.endsWith('.ts')) return []
  const loader = createRequire(import.meta.url).resolve('tsx')
  return ['--import', pathToFileURL(loader).href]
}

function revive(error: unknown): unknown {
  if (!isErrorWithCode(error)) return new BaseError('INTERNAL', { cause: error })
  const facts = 'facts' in error && typeof error.facts === 'object' ? error.facts : {}
  return new BaseError(error.code, { facts: { ...(facts as Record<string, string>) } })
}

/**
 * Trains an adapter in a worker thread, so that the caller's event loop stays free.
 *
 * @throws as `trainLora` and `readBaseModel`; the signal's reason if it aborts
 */
export async function trainInWorker(options: TrainInWorkerOptions): Promise<LoraTraining> {
  const { onProgress, signal, progressInterval = 250, ...rest } = options
  signal?.throwIfAborted()
  const job: TrainJob = { ...rest, progressInterval }
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const worker = new Worker(new URL(`./train-worker.${extension}`, import.meta.url), {
    workerData: job,
    execArgv: loaderArguments(),
  })
  const abort = (): void => worker.postMessage('abort')
  signal?.addEventListener('abort', abort, { once: true })
  try {
    return await new Promise<LoraTraining>((resolve, reject) => {
      worker.on('message', (message: TrainMessage) => {
        if (message.type === 'progress') onProgress?.(message.progress)
        if (message.type === 'done') resolve(message.training)
        if (message.type === 'failed')
          reject(signal?.aborted ? signal.reason : revive(message.error))
      })
      worker.on('error', (cause) => reject(new BaseError('INTERNAL', { cause })))
      worker.on('exit', (exitCode) => reject(new BaseError('INTERNAL', { facts: { exitCode } })))
    })
  } finally {
    signal?.removeEventListener('abort', abort)
    await worker.terminate()
  }
}
