import { BaseError } from '../../schema/errors.ts'
import { startWorker } from '../device/start-worker.ts'
import type { AdapterReference, DecodeEvent, DecodeJob, FinishReason } from './decode-job.ts'
import type {
  DecodeCommand,
  DecodeReport,
  DecodeStats,
  DecodeWorkerData,
} from './decode-messages.ts'
import { createInbox, type Inbox } from './inbox.ts'
import { toBaseError } from './to-base-error.ts'

export interface DecodeEngineOptions {
  /** Base model in Hugging Face layout. */
  readonly modelDirectory: string
  /** Sequences computed at the same time; default 32. */
  readonly slots?: number
  /** Adapters resident in the pool; default 128. */
  readonly poolRows?: number
  /** Largest rank of an adapter; default 16. */
  readonly rank?: number
  /** Positions per sequence; default and maximum: those of the model. */
  readonly contextLength?: number
  readonly threads?: number
  /** Jobs that may wait beyond the running ones; default 1024. */
  readonly maxQueued?: number
}

/** A completion to compute; see {@link DecodeJob}. */
export type GenerateRequest = Omit<DecodeJob, 'id'>

/** Runs one base model with many adapters in one worker thread. */
export interface DecodeEngine extends AsyncDisposable {
  readonly contextLength: number
  readonly vocabularySize: number
  /** False once the worker has ended. */
  readonly ready: boolean
  /**
   * Reads a PEFT directory and returns the reference that jobs name.
   * Throws `ADAPTER_INVALID` or `SAFETENSORS_INVALID`.
   */
  inspectAdapter(directory: string): Promise<AdapterReference>
  /**
   * Yields completion tokens, the stop token included, and returns why it ended.
   *
   * Leaving the loop or aborting `signal` cancels the job. Throws `SERVER_BUSY`, `SERVER_CLOSING`,
   * what loading the adapter throws, or the reason of `signal`.
   */
  generate(request: GenerateRequest, signal?: AbortSignal): AsyncGenerator<number, FinishReason>
  stats(): Promise<DecodeStats>
  /** Refuses new jobs, waits for the running ones up to `graceMs` (default 0), ends the worker. */
  close(graceMs?: number): Promise<void>
}

/** Starts the worker and loads the model; throws `MODEL_INVALID` or `SAFETENSORS_INVALID`. */
export async function startDecodeEngine(options: DecodeEngineOptions): Promise<DecodeEngine> {
  const { slots = 32, poolRows = 128, rank = 16, threads = 1, maxQueued = 1024 } = options
  const data: DecodeWorkerData = {
    modelDirectory: options.modelDirectory,
    slots,
    poolRows,
    rank,
    threads,
    ...(options.contextLength === undefined ? {} : { contextLength: options.contextLength }),
  }
  const worker = startWorker(import.meta.url, 'decode-worker', data)
  const jobs = new Map<number, Inbox<DecodeEvent>>()
  const calls = new Map<number, Inbox<DecodeReport>>()
  const start = createInbox<DecodeReport>()
  let lastId = 0
  let ended = false
  let closing: Promise<void> | undefined
  let whenIdle: (() => void) | undefined

  const send = (command: DecodeCommand): void => worker.postMessage(command)
  const end = (error: unknown): void => {
    if (ended) return
    ended = true
    for (const inbox of [start, ...jobs.values(), ...calls.values()]) inbox.fail(error)
  }
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  worker.on('error', (cause) => end(new BaseError('INTERNAL', { cause })))
  worker.on('exit', () => end(new BaseError('SERVER_CLOSING')))
  worker.on('message', (report: DecodeReport) => {
    if (report.type === 'ready' || report.type === 'refused') start.push(report)
    else if (report.type === 'events') {
      for (const event of report.events) jobs.get(event.id)?.push(event)
    } else calls.get(report.call)?.push(report)
  })

  const ask = async <T extends DecodeReport['type']>(
    command: (call: number) => DecodeCommand,
    type: T,
  ): Promise<Extract<DecodeReport, { type: T }>> => {
    if (ended) throw new BaseError('SERVER_CLOSING')
    const call = ++lastId
    const inbox = createInbox<DecodeReport>()
    calls.set(call, inbox)
    try {
      send(command(call))
      const report = await inbox.take()
      if (report.type === 'failed') throw toBaseError(report.failure)
      if (report.type === type) return report as Extract<DecodeReport, { type: T }>
      throw new BaseError('INTERNAL', { facts: { report: report.type } })
    } finally {
      calls.delete(call)
    }
  }

  const finish = async (graceMs: number): Promise<void> => {
    if (jobs.size > 0 && graceMs > 0 && !ended) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, graceMs)
        whenIdle = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    for (const inbox of jobs.values()) inbox.fail(new BaseError('SERVER_CLOSING'))
    if (!ended) send({ type: 'close' })
    const timer = setTimeout(() => void worker.terminate(), 2000)
    await exited
    clearTimeout(timer)
  }
  const close = (graceMs = 0): Promise<void> => {
    closing ??= finish(graceMs)
    return closing
  }

  async function* generate(
    request: GenerateRequest,
    signal?: AbortSignal,
  ): AsyncGenerator<number, FinishReason> {
    signal?.throwIfAborted()
    if (ended || closing !== undefined) throw new BaseError('SERVER_CLOSING')
    if (jobs.size >= slots + maxQueued) {
      throw new BaseError('SERVER_BUSY', { facts: { running: slots, waiting: maxQueued } })
    }
    const id = ++lastId
    const inbox = createInbox<DecodeEvent>()
    const abort = (): void => inbox.fail(signal?.reason)
    signal?.addEventListener('abort', abort, { once: true })
    jobs.set(id, inbox)
    let over = false
    try {
      send({ type: 'submit', job: { ...request, id } })
      for (;;) {
        const event = await inbox.take()
        over = event.finish !== undefined || event.failure !== undefined
        if (event.failure !== undefined) throw toBaseError(event.failure)
        if (event.token !== undefined) yield event.token
        if (event.finish !== undefined) return event.finish
      }
    } finally {
      signal?.removeEventListener('abort', abort)
      jobs.delete(id)
      if (!over && !ended) send({ type: 'cancel', id })
      if (jobs.size === 0) whenIdle?.()
    }
  }

  const first = await start.take()
  if (first.type !== 'ready') {
    await worker.terminate()
    if (first.type === 'refused') throw toBaseError(first.failure)
    throw new BaseError('INTERNAL', { facts: { report: first.type } })
  }
  return {
    contextLength: first.contextLength,
    vocabularySize: first.vocabularySize,
    get ready() {
      return !ended && closing === undefined
    },
    async inspectAdapter(directory) {
      const { digest } = await ask((call) => ({ type: 'inspect', call, directory }), 'digest')
      return { directory, digest }
    },
    generate,
    stats: async () => (await ask((call) => ({ type: 'stats', call }), 'stats')).stats,
    close,
    [Symbol.asyncDispose]: () => close(),
  }
}
