import { BaseError, isErrorWithCode } from '../../schema/errors.ts'
import { startWorker } from '../device/start-worker.ts'
import type { LoraTraining, TrainingProgress } from './train-lora.ts'
import type { TrainJob, TrainMessage } from './train-worker.ts'

export interface TrainInWorkerOptions extends Omit<TrainJob, 'progressInterval'> {
  readonly progressInterval?: number
  readonly onProgress?: (progress: TrainingProgress) => void
  readonly signal?: AbortSignal
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
  const worker = startWorker(import.meta.url, 'train-worker', job)
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
