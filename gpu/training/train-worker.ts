import { parentPort, workerData } from 'node:worker_threads'
import type { LoraConfig } from '../models/adapter.ts'
import { readBaseModel } from '../models/read-base-model.ts'
import { createGradientSession } from './gradient-session.ts'
import type { LoraRecipe } from './lora-recipe.ts'
import type { TokenizedExample } from './tokenized-example.ts'
import { type LoraTraining, type TrainingProgress, trainLora } from './train-lora.ts'

/** What the worker gets as `workerData.data`. */
export interface TrainJob {
  readonly modelDirectory: string
  readonly lora: LoraConfig
  readonly buckets: readonly number[]
  readonly threads: number
  readonly rows: readonly TokenizedExample[]
  readonly recipe: LoraRecipe
  readonly seed: number
  /** Shortest time between two progress messages, in milliseconds. */
  readonly progressInterval: number
}

/** What the worker sends; the only message it takes is `abort`. */
export type TrainMessage =
  | { readonly type: 'progress'; readonly progress: TrainingProgress }
  | { readonly type: 'done'; readonly training: LoraTraining }
  | { readonly type: 'failed'; readonly error: unknown }

const describe = (error: unknown): unknown =>
  error instanceof Error && 'toJSON' in error && typeof error.toJSON === 'function'
    ? error.toJSON()
    : error

async function main(port: NonNullable<typeof parentPort>, job: TrainJob): Promise<void> {
  const abort = new AbortController()
  port.on('message', () => abort.abort())
  const send = (message: TrainMessage): void => port.postMessage(message)
  let lastProgress = Number.NEGATIVE_INFINITY
  try {
    const model = await readBaseModel(job.modelDirectory)
    const { lora, buckets, threads } = job
    await using session = createGradientSession({ model, lora, buckets, threads })
    const training = await trainLora({
      session,
      rows: job.rows,
      recipe: job.recipe,
      seed: job.seed,
      signal: abort.signal,
      onProgress(progress) {
        const now = performance.now()
        if (now - lastProgress < job.progressInterval && progress.step < progress.steps) return
        lastProgress = now
        send({ type: 'progress', progress })
      },
    })
    send({ type: 'done', training })
  } catch (error) {
    send({ type: 'failed', error: describe(error) })
  } finally {
    port.close()
  }
}

if (parentPort !== null) await main(parentPort, workerData.data as TrainJob)
