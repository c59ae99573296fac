import { setTimeout as sleep } from 'node:timers/promises'
import type { EventLog } from '../../eventlog/client/event-log.ts'
import type { Deployment } from '../../schema/deployment.ts'
import { BaseError, isErrorWithCode } from '../../schema/errors.ts'
import type { ContractAddresses } from '../decode/contract-addresses.ts'
import { decodeBlock } from '../decode/decode-block.ts'
import { type ChainCursor, tipOf } from '../store/chain-cursor.ts'
import { type CursorChange, EventLogDatabase } from '../store/event-log-database.ts'
import { connectNode } from './chain-node.ts'
import { type IndexerLogger, silentLogger } from './indexer-logger.ts'
import type { IndexerMetrics } from './indexer-metrics.ts'
import { startSquidRun } from './squid-runner.ts'
import { toChainLogs } from './to-chain-logs.ts'

export interface IndexerOptions {
  readonly rpcUrl: string
  readonly chainId: number
  readonly deployment: Pick<Deployment, 'blockNumber'> & {
    readonly addresses: ContractAddresses
  }
  readonly eventLog: EventLog
  /** Blocks on top of a block that make it final. */
  readonly finality: number
  /** Milliseconds between questions for a new head. @default 500 */
  readonly pollMs?: number
  /** Longest time the log may lag behind a quiet chain, in milliseconds. @default 2000 */
  readonly cursorMs?: number
  readonly logger?: IndexerLogger
  readonly metrics?: Pick<IndexerMetrics, 'appended' | 'reorganised' | 'rpcFailed'>
}

export interface IndexerStatus {
  /** `retrying`: the last run failed and the next one is due. */
  readonly state: 'idle' | 'running' | 'retrying' | 'stopped'
  /** The newest block whose facts are in the log; -1 before the first. */
  readonly height: number
  readonly hash: string
  readonly finalizedHeight: number
  /** Seconds since 1970 of the newest block with facts. */
  readonly timestamp?: number
  /** Facts written since the start. */
  readonly events: number
  /** The indexer has seen the head of the chain since it started. */
  readonly atHead: boolean
  readonly restarts: number
  readonly revertedBlocks: number
  readonly deepReorgs: number
  readonly undecodableLogs: number
  /** Code of the last failure, if the last run failed. */
  readonly lastError?: string
}

export interface Indexer extends AsyncDisposable {
  /**
   * Follows the chain until `signal` or `close()`; failures are retried, fatal ones rejected.
   *
   * @throws `WRONG_CHAIN_ID`, and `NODE_UNAVAILABLE` when the node does not answer at the start
   * @throws `EVENT_LOG_CONFLICT` when another indexer keeps writing to the stream
   * @throws `EVENT_LOG_CORRUPT`
   */
  run(signal?: AbortSignal): Promise<void>
  /** Resolves as soon as everything up to a block is in the log, or final there. */
  indexed(
    height: number,
    options?: { readonly final?: boolean; readonly signal?: AbortSignal },
  ): Promise<void>
  status(): IndexerStatus
  close(): Promise<void>
}

/** Failures in a row of one kind that no retry has cured. */
const fatalConflicts = 3

/** Creates the indexer: chain logs become events of the stream `chain-<id>`, reorgs included. */
export function createIndexer(options: IndexerOptions): Indexer {
  const { chainId, eventLog, logger = silentLogger } = options
  const contracts = lowercase(options.deployment.addresses)
  const stopped = new AbortController()
  let status: IndexerStatus = {
    state: 'idle',
    height: -1,
    hash: '0x',
    finalizedHeight: -1,
    events: 0,
    atHead: false,
    restarts: 0,
    revertedBlocks: 0,
    deepReorgs: 0,
    undecodableLogs: 0,
  }
  const waiting = new Set<() => void>()
  const update = (change: Partial<IndexerStatus>) => {
    status = { ...status, ...change }
    for (const wake of waiting) wake()
  }
  let conflicts = 0
  let running: Promise<void> | undefined

  const onCursor = (cursor: ChainCursor, change: CursorChange) => {
    const { height, hash } = tipOf(cursor)
    if (change.appended) options.metrics?.appended(change.seconds)
    if (change.reverted > 0) options.metrics?.reorganised(change.reverted)
    if (change.reverted > 0 || change.deep)
      logger.warn({ blocks: change.reverted, deep: change.deep, to: height }, 'chain reorganised')
    update({
      height,
      hash,
      finalizedHeight: cursor.height,
      ...(cursor.timestamp === undefined || cursor.timestamp === null
        ? {}
        : { timestamp: cursor.timestamp }),
      revertedBlocks: status.revertedBlocks + change.reverted,
      deepReorgs: status.deepReorgs + (change.deep ? 1 : 0),
    })
  }

  async function runOnce(signal: AbortSignal): Promise<void> {
    const node = connectNode(options.rpcUrl, signal, options.metrics?.rpcFailed)
    const actual = await node.chainId()
    if (actual !== chainId)
      throw new BaseError('WRONG_CHAIN_ID', { facts: { expected: chainId, actual } })
    await using database = new EventLogDatabase({
      eventLog,
      chainId,
      hashAt: async (height) => (await node.headers([height]))[0]?.hash,
      onCursor: (cursor, change) => {
        if (change.appended) conflicts = 0
        onCursor(cursor, change)
      },
      ...(options.cursorMs === undefined ? {} : { cursorMs: options.cursorMs }),
    })
    const run = startSquidRun({
      rpcUrl: options.rpcUrl,
      node,
      addresses: Object.values(contracts),
      startBlock: options.deployment.blockNumber,
      finality: options.finality,
      pollMs: options.pollMs ?? 500,
      database,
      logger,
      handle: (sink, blocks, isHead) => {
        for (const block of blocks) {
          const facts = decodeBlock(chainId, contracts, toChainLogs(chainId, block))
          const bad = facts.filter((fact) => fact.type === 'UndecodableLog')
          if (bad.length > 0) {
            logger.warn({ height: block.header.height, logs: bad.length }, 'undecodable logs kept')
            update({ undecodableLogs: status.undecodableLogs + bad.length })
          }
          const { height, hash, timestamp } = block.header
          update({ events: status.events + facts.length })
          sink.add({ height, hash, timestamp: Math.floor(timestamp / 1000), facts })
        }
        if (isHead) update({ atHead: true })
      },
    })
    update({ state: 'running' })
    const stop = () => run.stop()
    signal.addEventListener('abort', stop, { once: true })
    try {
      await run.ended
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }

  async function supervise(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      const before = status.height
      try {
        await runOnce(signal)
      } catch (error) {
        if (signal.aborted) break
        const code = isErrorWithCode(error) ? error.code : 'NODE_UNAVAILABLE'
        if (code === 'EVENT_LOG_CONFLICT') conflicts += 1
        if (isFatal(error, status.state === 'idle') || conflicts >= fatalConflicts) throw error
        failures = status.height > before ? 0 : failures + 1
        update({ state: 'retrying', restarts: status.restarts + 1, lastError: code })
        logger.warn({ err: String(error), failures }, 'indexer restarts')
        const pause = Math.min(10_000, 100 * 2 ** failures)
        await sleep(pause, undefined, { signal }).catch(() => undefined)
      }
    }
  }

  return {
    run(signal) {
      const either =
        signal === undefined ? stopped.signal : AbortSignal.any([stopped.signal, signal])
      running ??= supervise(either).finally(() => update({ state: 'stopped' }))
      return running
    },
    async indexed(height, { final = false, signal } = {}) {
      const reached = () => (final ? status.finalizedHeight : status.height) >= height
      while (!reached()) {
        signal?.throwIfAborted()
        if (status.state === 'stopped')
          throw new BaseError('INDEXER_STOPPED', { facts: { height } })
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
    },
    status: () => status,
    async close() {
      stopped.abort()
      await running?.catch(() => undefined)
    },
    async [Symbol.asyncDispose]() {
      await this.close()
    },
  }
}

/** A node that is down is fatal only at the start: later it may come back. */
function isFatal(error: unknown, starting: boolean): boolean {
  if (isErrorWithCode(error, 'WRONG_CHAIN_ID') || isErrorWithCode(error, 'EVENT_LOG_CORRUPT'))
    return true
  return starting && isErrorWithCode(error, 'NODE_UNAVAILABLE')
}

/** The token's transfers are no facts, so its logs are not asked for. */
function lowercase(addresses: ContractAddresses): ContractAddresses {
  const { token: _, ...contracts } = addresses as Deployment['addresses']
  return Object.fromEntries(
    Object.entries(contracts).map(([name, address]) => [name, address.toLowerCase()]),
  ) as unknown as ContractAddresses
}
