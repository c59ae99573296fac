import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EventLog } from '../../eventlog/client/event-log.ts'
import type { ChainFinality } from '../../schema/chain-finality.ts'
import type { Deployment } from '../../schema/deployment.ts'
import { BaseError, isErrorWithCode } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'
import { type ContractBook, contractBook, type IndexedDeployment } from '../decode/contract-book.ts'
import { decodeBlock } from '../decode/decode-block.ts'
import { type BlockId, type ChainCursor, tipOf } from '../store/chain-cursor.ts'
import { type CursorChange, EventLogDatabase } from '../store/event-log-database.ts'
import type { IndexedBlock } from '../store/indexed-block.ts'
import { type ChainNode, connectNode, type NodeHeader } from './chain-node.ts'
import type { ChainMetrics } from './chains-metrics.ts'
import { eventRate } from './event-rate.ts'
import { readHistory, type SourceBlock } from './filtered-history.ts'
import { finalBlock } from './final-block.ts'
import { followHeads } from './follow-heads.ts'
import { createHeadFeed } from './head-feed.ts'
import { type IndexerLogger, silentLogger } from './indexer-logger.ts'
import { judgeHead } from './judge-head.ts'
import { rangeStride } from './range-stride.ts'
import { type ReorgVote, reorgVote } from './reorg-vote.ts'
import { type EndpointStatus, type RpcLimits, RpcPool } from './rpc-pool.ts'
import { runSquid } from './squid-runner.ts'
import { toChainLogs } from './to-chain-logs.ts'

export interface IndexerOptions {
  /** http(s) or ws(s); of several the first healthy one is asked. */
  readonly rpcUrl: string | readonly string[]
  readonly rpcLimits?: RpcLimits
  /** Base URL of an SQD Network gateway; history comes from there and the rest from the nodes. */
  readonly gatewayUrl?: string
  readonly chainId: number
  readonly deployment: Pick<Deployment, 'blockNumber'> & IndexedDeployment
  readonly eventLog: EventLog
  /** Blocks on top of a block that make it final, or the node's tag. */
  readonly finality: ChainFinality
  /** Milliseconds between questions for a new head where none is subscribed to. @default 500 */
  readonly pollMs?: number
  /** Longest time the log may lag behind a quiet chain, in milliseconds. @default 2000 */
  readonly cursorMs?: number
  /** How long one of several URLs has to say alone that a final block was replaced. @default 60000 */
  readonly loneNodeMs?: number
  readonly logger?: IndexerLogger
  readonly metrics?: ChainMetrics
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
  /** Mean of the last ten seconds. */
  readonly eventsPerSecond: number
  /** The indexer has seen the head of the chain since it started. */
  readonly atHead: boolean
  readonly restarts: number
  readonly revertedBlocks: number
  readonly deepReorgs: number
  /** Reorganisations below finality that not enough nodes agreed on. */
  readonly disputes: number
  readonly undecodableLogs: number
  /** Host of the RPC URL that answered last. */
  readonly rpcHost?: string
  readonly rpcEndpoints?: readonly EndpointStatus[]
  /** Newest block that a node told of. */
  readonly nodeHeight?: number
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
  /**
   * Follows what a newer version of the deployment names beside the contracts of before; their past
   * is read first. Waits for nothing.
   *
   * @throws `DEPLOYMENT_INCOMPLETE` when it lacks a contract of before, which stays in force then
   */
  useDeployment(deployment: IndexedDeployment): void
  status(): IndexerStatus
  close(): Promise<void>
}

/** Failures in a row of one kind that no retry has cured. */
const fatalConflicts = 3

/** Creates the indexer: chain logs become events of the stream `chain-<id>`, reorgs included. */
export function createIndexer(options: IndexerOptions): Indexer {
  const { chainId, eventLog, logger = silentLogger } = options
  const deployed = options.deployment.blockNumber
  let contracts = contractBook(options.deployment)
  const stopped = new AbortController()
  let status: IndexerStatus = {
    state: 'idle',
    height: -1,
    hash: '0x',
    finalizedHeight: -1,
    events: 0,
    eventsPerSecond: 0,
    atHead: false,
    restarts: 0,
    revertedBlocks: 0,
    deepReorgs: 0,
    disputes: 0,
    undecodableLogs: 0,
  }
  const rate = eventRate(() => performance.now())
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

  const stride = rangeStride()
  const pollMs = options.pollMs ?? 500
  const { rpcUrl, rpcLimits, gatewayUrl, finality, metrics } = options
  let pool: RpcPool | undefined

  let readsPast = false
  let interrupt: ((reason: 'reorganised' | 'redeployed') => void) | undefined

  /** Ends when it fails, when `signal` says so, or with a reason to be repeated at once. */
  async function runOnce(
    rpc: RpcPool,
    vote: ReorgVote,
    signal: AbortSignal,
  ): Promise<'over' | 'reorganised' | 'redeployed'> {
    await rpc.open()
    const over = new AbortController()
    // Every question in flight listens.
    setMaxListeners(0, over.signal)
    const node = connectNode(rpc, over.signal)
    const heads = createHeadFeed()
    const final = finalBlock(node, finality)
    let interrupted: 'reorganised' | 'redeployed' | undefined
    const book = contracts
    const stop = (reason: Error) => {
      over.abort(reason)
      heads.fail(reason)
    }
    const onAbort = () => stop(new Error('stopped'))
    interrupt = (reason) => {
      interrupted = reason
      stop(new Error(reason))
    }
    signal.addEventListener('abort', onAbort, { once: true })
    await using database = new EventLogDatabase({
      eventLog,
      chainId,
      hashAt: async (height) => (await node.headers([height]))[0]?.hash,
      confirmDeepReorg: (block) => vote.confirm(block),
      onCursor: (cursor, change) => {
        if (change.appended) conflicts = 0
        onCursor(cursor, change)
      },
      contracts: {
        first: [...book.values()].filter(({ added }) => !added).map(({ address }) => address),
        all: [...book.keys()],
        past: (addresses, { after, to }) => readPast(node, book, addresses, { after, to }),
      },
      ...(final.block === undefined ? {} : { finalBlock: final.block }),
      ...(options.cursorMs === undefined ? {} : { cursorMs: options.cursorMs }),
    })
    const onHead = (head: NodeHeader) => {
      if (over.signal.aborted) return
      update({ nodeHeight: head.number })
      const verdict = judgeHead(database.cursor, head)
      if (verdict === 'follow') heads.push(head)
      // On a quiet chain nothing comes that the runner would handle.
      const there = head.hash === tipOf(database.cursor).hash && !readsPast
      if (there && !status.atHead) update({ atHead: true })
      if (verdict === 'reorganised') interrupt?.(verdict)
    }
    update({ state: 'running' })
    const following = followHeads({ pool: rpc, node, pollMs, signal: over.signal, onHead })
    try {
      await runSquid({
        ...{ pool: rpc, node, heads, stride, pollMs, database, logger, signal: over.signal },
        ...(gatewayUrl === undefined ? {} : { gatewayUrl }),
        addresses: [...book.keys()],
        startBlock: deployed,
        tip: () => database.cursor,
        confirmations: final.confirmations,
        finalHeight: final.height,
        handle: (sink, blocks, isHead) => {
          for (const block of blocks) sink.add(decode(book, block))
          if (isHead) update({ atHead: true })
        },
      })
      return 'over'
    } catch (error) {
      if (interrupted !== undefined) return interrupted
      throw error
    } finally {
      interrupt = undefined
      signal.removeEventListener('abort', onAbort)
      over.abort(new Error('the run is over'))
      await following
    }
  }

  async function* readPast(
    node: ChainNode,
    book: ContractBook,
    addresses: readonly Hex[],
    { after, to }: { readonly after: BlockId | undefined; readonly to: number },
  ): AsyncGenerator<readonly IndexedBlock[]> {
    const starts = addresses.map((address) => Math.max(deployed, book.get(address)?.fromBlock ?? 0))
    const from = after === undefined ? Math.min(...starts) : after.height + 1
    logger.info({ contracts: addresses, from, to }, 'reading the past of added contracts')
    const range = { from, to, after: after?.hash }
    update({ atHead: false })
    readsPast = true
    try {
      for await (const blocks of readHistory({ node, addresses }, range))
        yield blocks.map((block) => decode(book, block))
    } finally {
      readsPast = false
    }
  }

  function decode(book: ContractBook, block: SourceBlock): IndexedBlock {
    const facts = decodeBlock(chainId, book, toChainLogs(chainId, block))
    const bad = facts.filter((fact) => fact.type === 'UndecodableLog')
    const { height, hash, timestamp } = block.header
    if (bad.length > 0) logger.warn({ height, logs: bad.length }, 'undecodable logs kept')
    rate.add(facts.length)
    update({
      events: status.events + facts.length,
      undecodableLogs: status.undecodableLogs + bad.length,
    })
    return { height, hash, timestamp: Math.floor(timestamp / 1000), facts }
  }

  async function supervise(signal: AbortSignal): Promise<void> {
    using rpc = new RpcPool({
      ...rpcLimits,
      ...{ urls: [rpcUrl].flat(), chainId },
      onFailure: (host, reason) => {
        metrics?.rpcFailed(host)
        logger.warn({ host, reason }, 'RPC question not answered')
      },
    })
    pool = rpc
    const vote = reorgVote({
      ...{ pool: rpc, now: () => performance.now() },
      ...(options.loneNodeMs === undefined ? {} : { loneNodeMs: options.loneNodeMs }),
    })
    signal.addEventListener('abort', () => rpc.close(), { once: true })
    let revertedBlocks = -1
    for (let failures = 0; !signal.aborted; ) {
      const before = status.height
      try {
        const end = await runOnce(rpc, vote, signal)
        if (end === 'over') return
        if (end === 'redeployed') continue
        // Nodes that contradict each other must not make it spin.
        const fruitless = status.revertedBlocks === revertedBlocks
        revertedBlocks = status.revertedBlocks
        if (fruitless) await sleep(pollMs, undefined, { signal }).catch(() => undefined)
      } catch (error) {
        if (signal.aborted) break
        const code = isErrorWithCode(error) ? error.code : 'NODE_UNAVAILABLE'
        if (code === 'EVENT_LOG_CONFLICT') conflicts += 1
        if (code === 'CHAIN_DISPUTED') update({ disputes: status.disputes + 1 })
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
    useDeployment(deployment) {
      const next = contractBook(deployment)
      const gone = [...contracts.keys()].filter((address) => !next.has(address))
      if (gone.length > 0)
        throw new BaseError('DEPLOYMENT_INCOMPLETE', {
          facts: { chainId, contracts: gone.join(', ') },
        })
      contracts = next
      interrupt?.('redeployed')
    },
    status: () => ({
      ...status,
      eventsPerSecond: rate.perSecond(),
      ...(pool === undefined ? {} : { rpcHost: pool.used.host, rpcEndpoints: pool.status() }),
    }),
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
  const always = ['DEPLOYMENT_INCOMPLETE', 'EVENT_LOG_CORRUPT', 'WRONG_CHAIN_ID'] as const
  if (always.some((code) => isErrorWithCode(error, code))) return true
  return starting && isErrorWithCode(error, 'NODE_UNAVAILABLE')
}
