import type { Adapter } from '../models/adapter.ts'
import { createSeededRandom, type SeededRandom } from '../training/seeded-random.ts'
import type { AdapterPool } from './adapter-pool.ts'
import type { AdapterReference, DecodeEvent, DecodeJob } from './decode-job.ts'
import type { DecodeModel } from './decode-model.ts'
import { describeFailure } from './describe-failure.ts'
import { sampleToken } from './sample-token.ts'

export interface DecodeSchedulerOptions {
  readonly model: DecodeModel
  readonly pool: AdapterPool
  readonly slots: number
  readonly contextLength: number
  /** Prompt tokens, padding included, that one prefill may hold while running jobs wait. */
  readonly prefillTokens: number
  readonly loadAdapter: (reference: AdapterReference) => Promise<Adapter>
  /** Receives what happened in one step, in slot order. */
  readonly emit: (events: readonly DecodeEvent[]) => void
}

export interface DecodeSchedulerStats {
  readonly active: number
  readonly queued: number
  readonly steps: number
  readonly promptTokens: number
  readonly completionTokens: number
}

/** Runs many jobs in one batch that jobs enter and leave at every step. */
export interface DecodeScheduler {
  submit(job: DecodeJob): void
  /** Drops a job without another event; unknown ids are ignored. */
  cancel(id: number): void
  stats(): DecodeSchedulerStats
  /** Drops every job and resolves when the step in progress is over. */
  close(): Promise<void>
}

interface Running {
  readonly job: DecodeJob
  readonly row: number
  readonly random: SeededRandom
  /** Positions cached so far. */
  position: number
  next: number
  produced: number
}

/** Creates a scheduler over an open model (continuous batching of Orca, OSDI 2022). */
export function createDecodeScheduler(options: DecodeSchedulerOptions): DecodeScheduler {
  const { model, pool, slots, contextLength, prefillTokens, loadAdapter, emit } = options
  const { vocabularySize } = model.config
  const queue: DecodeJob[] = []
  /** Running jobs by slot, without gaps, so that a step computes nothing for empty slots. */
  const running: Running[] = []
  /** Jobs that hold a pool row and are about to run. */
  let entering: Running[] = []
  const live = new Set<number>()
  const cancelled = new Set<number>()
  let events: DecodeEvent[] = []
  let working: Promise<void> | undefined
  let closed = false
  let steps = 0
  let promptTokens = 0
  let completionTokens = 0

  const leave = (slot: number): void => {
    const [left] = running.splice(slot, 1, running.at(-1)!)
    running.pop()
    if (slot < running.length) model.moveSlot(running.length, slot)
    if (left!.row !== 0) pool.release(left!.row)
  }

  const dropCancelled = (): void => {
    if (cancelled.size === 0) return
    for (let slot = running.length - 1; slot >= 0; slot--) {
      if (cancelled.has(running[slot]!.job.id)) leave(slot)
    }
    const kept = queue.filter((job) => !cancelled.has(job.id))
    queue.splice(0, queue.length, ...kept)
    for (const id of cancelled) live.delete(id)
    cancelled.clear()
  }

  /** Returns undefined if the job must wait for a row; a job that cannot be loaded fails alone. */
  const enter = async (job: DecodeJob): Promise<Running | 'failed' | undefined> => {
    const lease = job.adapter === null ? { row: 0, fresh: false } : pool.acquire(job.adapter.digest)
    if (lease === undefined) return undefined
    if (lease.fresh) {
      try {
        model.writeAdapter(lease.row, await loadAdapter(job.adapter!))
      } catch (error) {
        pool.discard(lease.row)
        events.push({ id: job.id, failure: describeFailure(error) })
        return 'failed'
      }
    }
    const random = createSeededRandom(job.seed)
    return { job, row: lease.row, random, position: job.prompt.length, next: 0, produced: 0 }
  }

  const admit = async (): Promise<void> => {
    let longest = 0
    while (queue.length > 0 && running.length + entering.length < slots) {
      const job = queue[0]!
      const longer = Math.max(longest, job.prompt.length)
      if (entering.length > 0 && longer * (entering.length + 1) > prefillTokens) break
      const state = await enter(job)
      if (state === undefined) break
      queue.shift()
      if (state === 'failed') continue
      entering.push(state)
      longest = longer
    }
  }

  /** Samples for the given slots; jobs that end leave, highest slot first so that slots keep. */
  const take = (logits: Float32Array, firstSlot: number, count: number): void => {
    const ended: number[] = []
    for (let index = 0; index < count; index++) {
      const slot = firstSlot + index
      const state = running[slot]!
      const { job } = state
      const row = logits.subarray(index * vocabularySize, (index + 1) * vocabularySize)
      state.next = sampleToken(row, job.temperature, state.random)
      state.produced++
      completionTokens++
      const stopped = state.next === job.stopToken
      const full = state.produced >= job.maxTokens || state.position >= contextLength
      if (stopped || full) ended.push(slot)
      events.push({
        id: job.id,
        token: state.next,
        ...(stopped ? { finish: 'stop' } : full ? { finish: 'length' } : {}),
      })
    }
    for (const slot of ended.toReversed()) leave(slot)
  }

  const flush = (): void => {
    const batch = events.filter((event) => !cancelled.has(event.id))
    for (const { id, finish, failure } of events) {
      if (finish !== undefined || failure !== undefined) live.delete(id)
    }
    events = []
    if (batch.length > 0) emit(batch)
  }

  const advance = async (): Promise<void> => {
    dropCancelled()
    const before = running.length
    await admit()
    if (before > 0) {
      const logits = await model.step(
        running.map((state) => ({
          token: state.next,
          position: state.position,
          adapter: state.row,
        })),
      )
      for (const state of running) state.position++
      take(logits, 0, before)
    }
    const entered = entering
    if (entered.length > 0) {
      const slot = running.length
      running.push(...entered)
      entering = []
      const logits = await model.prefill(
        slot,
        entered.map(({ job, row }) => ({ tokens: job.prompt, adapter: row })),
      )
      promptTokens += entered.reduce((sum, { job }) => sum + job.prompt.length, 0)
      take(logits, slot, entered.length)
    }
    steps++
    flush()
  }

  const work = async (): Promise<void> => {
    while (!closed && (running.length > 0 || queue.length > 0)) {
      try {
        await advance()
      } catch (error) {
        failAll(error)
      }
    }
  }

  const failAll = (error: unknown): void => {
    const failure = describeFailure(error)
    for (const state of [...running, ...entering]) if (state.row !== 0) pool.release(state.row)
    running.length = 0
    queue.length = 0
    entering = []
    events = [...live].map((id) => ({ id, failure }))
    flush()
  }

  const start = (): void => {
    if (working !== undefined || closed) return
    working = work().finally(() => {
      working = undefined
      if (queue.length > 0) start()
    })
  }

  return {
    submit(job) {
      live.add(job.id)
      queue.push(job)
      start()
    },
    cancel(id) {
      if (live.has(id)) cancelled.add(id)
    },
    stats: () => ({
      active: running.length,
      queued: queue.length,
      steps,
      promptTokens,
      completionTokens,
    }),
    async close() {
      closed = true
      await working
    },
  }
}
