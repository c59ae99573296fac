import { setTimeout as sleep } from 'node:timers/promises'
import type { EventLog } from '../../eventlog/client/event-log.ts'
import { BaseError, isErrorWithCode } from '../../schema/errors.ts'
import { chainStream } from '../../schema/events/streams.ts'
import { eventRate } from '../source/event-rate.ts'
import { type IndexerLogger, silentLogger } from '../source/indexer-logger.ts'
import { nothingHandled } from './checkpoint.ts'
import { isPassing } from './is-passing.ts'
import { projectedStreams } from './projected-streams.ts'
import { openProjectionWriter, type ProjectionWriter } from './projection-writer.ts'
import type { ProjectionMetrics } from './projector-metrics.ts'

export interface ProjectorOptions {
  readonly databaseUrl: string
  readonly eventLog: EventLog
  readonly chainId: number
  /** Name of the checkpoint; one writer per name. @default 'read-model' */
  readonly name?: string
  readonly logger?: IndexerLogger
  readonly metrics?: ProjectionMetrics
}

export interface ProjectorStatus {
  readonly state: 'idle' | 'running' | 'retrying' | 'stopped'
  /** Everything up to here is in the tables; -1 before the first event. */
  readonly position: bigint
  readonly events: number
  /** Mean of the last ten seconds. */
  readonly eventsPerSecond: number
  /** Revision of the newest event of the chain's stream that came into the tables since the start. */
  readonly revision?: bigint
  /** When the newest event in the tables was appended, in milliseconds since 1970. */
  readonly createdAt?: number
  /** The projection has been at the end of the log since it started. */
  readonly caughtUp: boolean
  readonly restarts: number
  /** Events that the tables refused since the start; `provenant projections status` lists them. */
  readonly deadLetters: number
  /** Between append and tables of the newest event in the tables. */
  readonly delaySeconds?: number
  readonly lastError?: string
}

/** An event that has to be in the tables: its place in the log, or in its stream. */
export type ProjectionTarget =
  | { readonly position: bigint }
  | { readonly stream: string; readonly revision: bigint }

export interface Projector extends AsyncDisposable {
  /**
   * Follows the log until `signal` or `close()`; a lost database or log is retried.
   *
   * After a swap it goes on in the tables that are live then. An event whose row the tables refuse
   * is put aside (table `dead_letter`) and the rest of its batch is kept.
   *
   * @throws `DATABASE_UNAVAILABLE` and `PROJECTION_LOCKED` at the start
   * @throws `SCHEMA_MISMATCH` when the tables are of another version
   * @throws `PROJECTION_FENCED` when another writer moved the checkpoint
   * @throws `EVENT_LOG_CORRUPT` when the log holds what cannot be an event
   */
  run(signal?: AbortSignal): Promise<void>
  /** Resolves as soon as everything up to a position of the log is in the tables. */
  caughtUp(position: bigint, signal?: AbortSignal): Promise<void>
  /** The same for an event named by stream and revision, as an append returns it. */
  waitFor(target: ProjectionTarget, signal?: AbortSignal): Promise<void>
  status(): ProjectorStatus
  close(): Promise<void>
}

/** Creates the projector: events of the chain and the engine become rows of the read model. */
export function createProjector(options: ProjectorOptions): Projector {
  const { eventLog, chainId, name = 'read-model', logger = silentLogger } = options
  const stopped = new AbortController()
  const waiting = new Set<() => void>()
  let status: ProjectorStatus = {
    state: 'idle',
    position: nothingHandled,
    events: 0,
    eventsPerSecond: 0,
    caughtUp: false,
    restarts: 0,
    deadLetters: 0,
  }
  let running: Promise<void> | undefined
  const rate = eventRate(() => performance.now())
  const update = (change: Partial<ProjectorStatus>) => {
    status = { ...status, ...change }
    for (const wake of waiting) wake()
  }

  async function follow(writer: ProjectionWriter, signal: AbortSignal): Promise<void> {
    update({ state: 'running', position: writer.position })
    const subscription = eventLog.subscribe({
      source: 'all',
      from: writer.position === nothingHandled ? 'start' : writer.position,
      filter: projectedStreams(chainId),
      signal,
      onEvents: async (events) => {
        const started = performance.now()
        const buried = writer.buried
        await writer.write(events)
        options.metrics?.wrote((performance.now() - started) / 1000)
        const aside = writer.buried - buried
        if (aside > 0) logger.warn({ deadLetters: aside }, 'the tables refused events')
        const created = events.at(-1)?.created.getTime()
        const ofChain = events.findLast(({ stream }) => stream === chainStream(chainId))
        rate.add(events.length)
        update({
          position: writer.position,
          events: status.events + events.length,
          deadLetters: status.deadLetters + aside,
          ...(created === undefined
            ? {}
            : { createdAt: created, delaySeconds: Math.max(0, (Date.now() - created) / 1000) }),
          ...(ofChain === undefined ? {} : { revision: ofChain.revision }),
        })
      },
      onCheckpoint: async (position) => {
        await writer.skipTo(position)
        update({ position: writer.position })
      },
      onCaughtUp: () => update({ caughtUp: true }),
      onInterrupted: (cause, attempt) =>
        logger.warn({ err: String(cause), attempt }, 'event log interrupted'),
    })
    await subscription.done
  }

  async function supervise(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      const before = status.events
      try {
        await using writer = await openProjectionWriter({
          databaseUrl: options.databaseUrl,
          chainId,
          name,
        })
        await follow(writer, signal)
        return
      } catch (error) {
        if (signal.aborted) break
        if (status.state === 'idle' || !isPassing(error)) throw error
        if (isErrorWithCode(error, 'PROJECTION_SWAPPED')) {
          logger.info({}, 'other tables became live, projector goes on there')
          continue
        }
        failures = status.events > before ? 0 : failures + 1
        const lastError = isErrorWithCode(error) ? error.code : 'DATABASE_UNAVAILABLE'
        update({ state: 'retrying', restarts: status.restarts + 1, lastError })
        logger.warn({ err: String(error), failures }, 'projector restarts')
        const pause = Math.min(5000, 50 * 2 ** failures)
        await sleep(pause, undefined, { signal }).catch(() => undefined)
      }
    }
  }

  async function caughtUp(position: bigint, signal?: AbortSignal): Promise<void> {
    while (status.position < position) {
      signal?.throwIfAborted()
      if (status.state === 'stopped')
        throw new BaseError('PROJECTION_STOPPED', { facts: { name, position } })
      await new Promise<void>((resolve) => {
        const wake = () => {
          waiting.delete(wake)
          signal?.removeEventListener('abort', wake)
          resolve()
        }
        waiting.add(wake)
        signal?.addEventListener('abort', wake, { once: true })
      })
    }
  }

  return {
    run(signal) {
      const either =
        signal === undefined ? stopped.signal : AbortSignal.any([stopped.signal, signal])
      running ??= supervise(either).finally(() => update({ state: 'stopped' }))
      return running
    },
    caughtUp,
    async waitFor(target, signal) {
      if ('position' in target) return caughtUp(target.position, signal)
      const { stream, revision } = target
      for await (const event of eventLog.read(stream, { from: revision, limit: 1 }))
        return caughtUp(event.position, signal)
      throw new BaseError('EVENT_LOG_CORRUPT', {
        facts: { stream, revision, expected: 'an event' },
      })
    },
    status: () => ({ ...status, eventsPerSecond: rate.perSecond() }),
    async close() {
      stopped.abort()
      await running?.catch(() => undefined)
    },
    async [Symbol.asyncDispose]() {
      await this.close()
    },
  }
}
