import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import type { EventLog } from '../eventlog/client/event-log.ts'
import { BaseError, isErrorWithCode } from '../schema/errors.ts'
import type { Decimal } from '../schema/events/event.ts'
import { epochStream } from '../schema/events/streams.ts'
import type { Engine } from './create-engine.ts'
import type { EngineProgress } from './epoch/engine-context.ts'
import { foldChainFacts } from './state/fold-chain-facts.ts'
import { readChainFacts } from './state/read-chain-facts.ts'

export interface EpochCloserOptions {
  /** Stays open when the closer stops. */
  readonly engine: Pick<Engine, 'closeEpoch' | 'indexModel' | 'status'>
  readonly eventLog: EventLog
  readonly artifacts: Pick<ArtifactStore, 'get'>
  readonly chainId: number
  /** Shortest time from one closed epoch to the next, in milliseconds. */
  readonly everyMs: number
  /** Calls that an epoch needs; with fewer it waits. @default 1 */
  readonly minCalls?: number
  /** Milliseconds between two looks at the log. @default 5000 */
  readonly pollMs?: number
  readonly logger: Pick<Logger, 'info' | 'warn'>
  /** Milliseconds since 1970. */
  readonly now?: () => number
  /** An epoch that was closed, with the time it took. */
  readonly onClosed?: (calls: number, seconds: number) => void
}

export interface EpochCloserStatus {
  readonly state: 'idle' | 'waiting' | 'indexing' | 'closing' | 'retrying' | 'stopped'
  /** Height of the last final block in the log; -1 before the first. */
  readonly finalHeight: number
  readonly lastEpoch: Decimal | null
  /** Calls in final blocks that are in no epoch yet. */
  readonly openCalls: number
  readonly epochsClosed: number
  readonly modelsIndexed: number
  readonly failures: number
  readonly progress?: EngineProgress
  /** Code of the last failure, until a look succeeds. */
  readonly lastError?: string
}

export interface EpochCloser {
  /**
   * Indexes new model versions and closes epochs until `signal` aborts; what passes is tried again.
   *
   * @throws errors of class `integrity`, `input` and `internal`: no retry cures them.
   */
  run(signal: AbortSignal): Promise<void>
  status(): EpochCloserStatus
}

/** Creates the loop of an engine that works by itself. */
export function createEpochCloser(options: EpochCloserOptions): EpochCloser {
  const { engine, eventLog, chainId, logger, now = Date.now, minCalls = 1 } = options
  const indexed = new Set<string>()
  let status: EpochCloserStatus = {
    ...{ state: 'idle', finalHeight: -1, lastEpoch: null, openCalls: 0 },
    ...{ epochsClosed: 0, modelsIndexed: 0, failures: 0 },
  }
  const update = (change: Partial<EpochCloserStatus>) => {
    status = { ...status, ...change }
  }
  const onProgress = (progress: EngineProgress) => update({ progress })

  async function indexModels(signal: AbortSignal): Promise<void> {
    const read = await readChainFacts(eventLog, chainId, { artifacts: options.artifacts })
    if (read === undefined) return
    for (const key of foldChainFacts(read.facts).versions.keys()) {
      if (indexed.has(key)) continue
      signal.throwIfAborted()
      update({ state: 'indexing' })
      const [modelId = '', version] = key.split('@')
      const { rows } = await engine.indexModel(
        { modelId, version: Number(version) },
        { signal, onProgress },
      )
      indexed.add(key)
      update({ modelsIndexed: indexed.size })
      logger.info({ model: key, rows }, 'model indexed')
    }
  }

  async function look(signal: AbortSignal): Promise<void> {
    await indexModels(signal)
    const { final, lastEpoch, open } = await engine.status()
    update({
      ...{ finalHeight: final?.height ?? -1, lastEpoch: lastEpoch?.epoch ?? null },
      openCalls: open.calls,
    })
    // Without a fee there is nothing to share, and the engine would find nothing to close.
    if (open.calls < minCalls || open.fees === '0') return
    const last = await eventLog.readLast(epochStream(chainId))
    if (last !== undefined && now() - last.created.getTime() < options.everyMs) return
    update({ state: 'closing' })
    const started = performance.now()
    const result = await engine.closeEpoch({ signal, onProgress })
    if (result.status === 'idle') return
    const { epoch, calls } = result.epoch
    options.onClosed?.(calls, (performance.now() - started) / 1000)
    update({ lastEpoch: epoch, openCalls: 0, epochsClosed: status.epochsClosed + 1 })
  }

  async function follow(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      let pause = options.pollMs ?? 5_000
      try {
        await look(signal)
        failures = 0
        const { progress: _, lastError: __, ...rest } = status
        status = { ...rest, state: 'waiting' }
      } catch (error) {
        if (signal.aborted) return
        if (!passes(error)) throw error
        failures += 1
        pause = Math.min(60_000, 500 * 2 ** failures)
        const lastError = isErrorWithCode(error) ? error.code : 'INTERNAL'
        update({ state: 'retrying', lastError, failures: status.failures + 1 })
        logger.warn({ err: error, failures, pause }, 'engine tries again')
      }
      await sleep(pause, undefined, { signal }).catch(() => undefined)
    }
  }

  return {
    run: (signal) => follow(signal).finally(() => update({ state: 'stopped' })),
    status: () => status,
  }
}

/** Services come back, artifacts are copied, and another engine's epoch is read at the next look. */
const passes = (error: unknown): boolean =>
  error instanceof BaseError && (error.class === 'unavailable' || error.class === 'conflict')
