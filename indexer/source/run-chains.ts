import { setTimeout as sleep } from 'node:timers/promises'
import { isErrorWithCode } from '../../schema/errors.ts'
import type { Indexer, IndexerStatus } from './create-indexer.ts'
import { type IndexerLogger, silentLogger } from './indexer-logger.ts'

/** A chain and how to begin with it; after a failure it is begun anew. */
export interface ChainToIndex {
  readonly chainId: number
  readonly create: () => Indexer
}

export interface RunChainsOptions {
  readonly chains: readonly ChainToIndex[]
  readonly logger?: IndexerLogger
  /** First pause after a chain failed, in milliseconds; doubled up to 64 times it. @default 1000 */
  readonly pauseMs?: number
}

/** Where one chain is; `failure` is the code of what keeps it from being indexed. */
export interface ChainStatus {
  readonly chainId: number
  readonly status: IndexerStatus
  readonly failure?: string
}

/** The indexers of several chains in one process. */
export interface ChainsIndexer extends AsyncDisposable {
  /**
   * Follows all chains until `signal` or `close()`; one that fails does not stop the others.
   *
   * @throws what stopped the last chain, when none is left; with a single chain, what stopped it
   */
  run(signal?: AbortSignal): Promise<void>
  status(): readonly ChainStatus[]
  /** Chains that do not follow their head now. */
  behind(): readonly number[]
  /** The indexer of a chain that has one now. */
  indexerOf(chainId: number): Indexer | undefined
  close(): Promise<void>
}

/** A retry meets these again until somebody changes something. */
const finalCodes: ReadonlySet<string> = new Set([
  'DEPLOYMENT_INVALID',
  'EVENT_LOG_CONFLICT',
  'EVENT_LOG_CORRUPT',
  'WRONG_CHAIN_ID',
])

/** Creates one indexer per chain, each with its own stream; they share nothing that can fail. */
export function runChains(options: RunChainsOptions): ChainsIndexer {
  const { chains, logger = silentLogger, pauseMs = 1000 } = options
  const stopped = new AbortController()
  const indexers = new Map<number, Indexer>()
  const failures = new Map<number, string>()
  let running: Promise<void> | undefined

  async function follow({ chainId, create }: ChainToIndex, signal: AbortSignal): Promise<void> {
    for (let attempt = 0; !signal.aborted; ) {
      const indexer = create()
      indexers.set(chainId, indexer)
      const onUp = () => failures.delete(chainId)
      try {
        const run = indexer.run(signal)
        indexer.indexed(0, { signal }).then(onUp, () => undefined)
        return await run
      } catch (error) {
        if (signal.aborted) return
        const code = isErrorWithCode(error) ? error.code : 'INTERNAL'
        failures.set(chainId, code)
        if (chains.length === 1 || finalCodes.has(code)) {
          logger.error({ chainId, code, err: String(error) }, 'chain given up')
          throw error
        }
        attempt = indexer.status().events > 0 ? 0 : attempt + 1
        logger.warn({ chainId, code, attempt }, 'chain begins anew')
        const pause = pauseMs * 2 ** Math.min(6, Math.max(0, attempt - 1))
        await sleep(pause, undefined, { signal }).catch(() => undefined)
      } finally {
        await indexer.close()
      }
    }
  }

  async function runAll(signal: AbortSignal): Promise<void> {
    const ends = await Promise.allSettled(chains.map((chain) => follow(chain, signal)))
    const failed = ends.filter((end) => end.status === 'rejected')
    if (failed.length > 0 && !signal.aborted) throw failed.at(-1)?.reason
  }

  const status = () =>
    chains.flatMap(({ chainId }): ChainStatus[] => {
      const indexer = indexers.get(chainId)
      if (indexer === undefined) return []
      const failure = failures.get(chainId)
      return [{ chainId, status: indexer.status(), ...(failure === undefined ? {} : { failure }) }]
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
      const following = new Set(
        status()
          .filter(({ status: { state, atHead } }) => state === 'running' && atHead)
          .map(({ chainId }) => chainId),
      )
      return chains.map(({ chainId }) => chainId).filter((chainId) => !following.has(chainId))
    },
    indexerOf: (chainId) => indexers.get(chainId),
    async close() {
      stopped.abort()
      await running?.catch(() => undefined)
    },
    async [Symbol.asyncDispose]() {
      await this.close()
    },
  }
}
