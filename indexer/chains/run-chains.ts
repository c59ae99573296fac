import { setTimeout as sleep } from 'node:timers/promises'
import { isErrorWithCode } from '../../schema/errors.ts'
import { type IndexerLogger, silentLogger } from '../source/indexer-logger.ts'

/** An indexer or a projector. */
interface ChainWorker<Status> {
  run(signal?: AbortSignal): Promise<void>
  status(): Status
  close(): Promise<void>
}

/** A chain and how to begin with it; after a failure it is begun anew. */
export interface ChainToRun<Worker> {
  readonly chainId: number
  readonly create: () => Worker
}

export interface RunChainsOptions<Status, Worker extends ChainWorker<Status>> {
  readonly chains: readonly ChainToRun<Worker>[]
  /** It has caught up and follows. */
  readonly follows: (status: Status) => boolean
  readonly logger?: IndexerLogger
  /** First pause after a chain failed, in milliseconds; doubled up to 64 times it. @default 1000 */
  readonly pauseMs?: number
}

/** Where one chain is; `failure` is the code of what keeps it from running. */
export interface ChainStatus<Status> {
  readonly chainId: number
  readonly status: Status
  readonly failure?: string
}

/** The same work for several chains in one process. */
export interface RunningChains<Status, Worker> extends AsyncDisposable {
  /**
   * Follows all chains until `signal` or `close()`; one that fails does not stop the others.
   *
   * @throws what stopped the last chain, when none is left; with a single chain, what stopped it
   */
  run(signal?: AbortSignal): Promise<void>
  status(): readonly ChainStatus<Status>[]
  /** Chains that do not follow now. */
  behind(): readonly number[]
  /** What works on a chain now. */
  of(chainId: number): Worker | undefined
  close(): Promise<void>
}

/** A retry meets these again until somebody changes something. */
const finalCodes: ReadonlySet<string> = new Set([
  'DEPLOYMENT_INCOMPLETE',
  'DEPLOYMENT_INVALID',
  'EVENT_LOG_CONFLICT',
  'EVENT_LOG_CORRUPT',
  'EVENT_LOG_REFUSED',
  'EVENT_VERSION_UNKNOWN',
  'PROJECTION_FENCED',
  'PROJECTION_OTHER_CHAIN',
  'PROJECTION_POISONED',
  'SCHEMA_MISMATCH',
  'WRONG_CHAIN_ID',
])

/** A chain that ran so long before it failed is begun anew without delay. */
const settledMs = 60_000

/** Creates one worker per chain; they share nothing that can fail. */
export function runChains<
  Status extends { readonly state: string },
  Worker extends ChainWorker<Status>,
>(options: RunChainsOptions<Status, Worker>): RunningChains<Status, Worker> {
  const { chains, follows, logger = silentLogger, pauseMs = 1000 } = options
  const stopped = new AbortController()
  const workers = new Map<number, Worker>()
  const failures = new Map<number, string>()
  let running: Promise<void> | undefined

  async function keepUp(chain: ChainToRun<Worker>, signal: AbortSignal): Promise<void> {
    const { chainId } = chain
    for (let attempt = 0; !signal.aborted; ) {
      const worker = chain.create()
      workers.set(chainId, worker)
      const began = performance.now()
      try {
        return await worker.run(signal)
      } catch (error) {
        if (signal.aborted) return
        const code = isErrorWithCode(error) ? error.code : 'INTERNAL'
        failures.set(chainId, code)
        if (chains.length === 1) throw error
        if (finalCodes.has(code)) {
          logger.error({ chainId, code, err: error }, 'chain given up')
          throw error
        }
        attempt = performance.now() - began > settledMs ? 0 : attempt + 1
        logger.warn({ chainId, code, attempt }, 'chain begins anew')
        const pause = pauseMs * 2 ** Math.min(6, Math.max(0, attempt - 1))
        await sleep(pause, undefined, { signal }).catch(() => undefined)
      } finally {
        await worker.close()
      }
    }
  }

  async function runAll(signal: AbortSignal): Promise<void> {
    const ends = await Promise.allSettled(chains.map((chain) => keepUp(chain, signal)))
    const failed = ends.filter((end) => end.status === 'rejected')
    if (failed.length > 0 && !signal.aborted) throw failed.at(-1)?.reason
  }

  const status = () =>
    chains.flatMap(({ chainId }): ChainStatus<Status>[] => {
      const current = workers.get(chainId)?.status()
      if (current === undefined) return []
      const failure = current.state === 'running' ? undefined : failures.get(chainId)
      return [{ chainId, status: current, ...(failure === undefined ? {} : { failure }) }]
    })

  return {
    run(signal) {
      const either =
        signal === undefined ? stopped.signal : AbortSignal.any([stopped.signal, signal])
      running ??= runAll(either)
      return running
    },
    status,
    behind() {
      const following = status().filter((chain) => follows(chain.status))
      const known = new Set(following.map(({ chainId }) => chainId))
      return chains.map(({ chainId }) => chainId).filter((chainId) => !known.has(chainId))
    },
    of: (chainId) => workers.get(chainId),
    async close() {
      stopped.abort()
      await running?.catch(() => undefined)
    },
    async [Symbol.asyncDispose]() {
      await this.close()
    },
  }
}
