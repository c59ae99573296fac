import type {
  FinalTxInfo,
  HotDatabase,
  HotDatabaseState,
  HotTxInfo,
} from '@subsquid/util-internal-processor-tools'
import type { EventLog, ExpectedRevision, NewEvent } from '../../eventlog/client/event-log.ts'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'
import { chainStream } from '../../schema/events/streams.ts'
import { type BlockId, type ChainCursor, emptyCursor, readCursor, tipOf } from './chain-cursor.ts'
import {
  coveredEvent,
  cursorEvent,
  factEvents,
  finalizedEvent,
  lateFactEvents,
  revertEvent,
  withCursor,
} from './chain-events.ts'
import {
  type Coverage,
  carryCoverage,
  compareCoverage,
  coverKey,
  type KnownContracts,
} from './contract-coverage.ts'
import { type BlockEvents, cutAppends } from './cut-appends.ts'
import type { IndexedBlock } from './indexed-block.ts'
import { planHotUpdate } from './plan-hot-update.ts'
import { type HashAt, recoverDeepReorg } from './recover-deep-reorg.ts'
import { undoLateFacts } from './undo-late-facts.ts'

/** What the runner's handler writes into: the blocks of one transaction, in order. */
export interface BlockSink {
  add(block: IndexedBlock): void
}

export interface EventLogDatabaseOptions {
  readonly eventLog: Pick<EventLog, 'append' | 'read' | 'readLast'>
  readonly chainId: number
  readonly hashAt: HashAt
  /** Throws when not enough nodes say that a final block was replaced; then nothing is undone. */
  readonly confirmDeepReorg?: (block: BlockId) => Promise<void>
  /** The contracts that the log has to be about, and how to read the past of one that was added. */
  readonly contracts?: LateContracts
  /** The last final block, where the runner does not know it: by the node's tag. */
  readonly finalBlock?: () => Promise<BlockId | undefined>
  /** Longest time the log may lag behind a quiet chain, in milliseconds. @default 2000 */
  readonly cursorMs?: number
  /** Blocks without events after which the cursor is written in a backfill. @default 5000 */
  readonly cursorBlocks?: number
  /** Told after every change of the cursor. */
  readonly onCursor?: (cursor: ChainCursor, change: CursorChange) => void
}

export interface CursorChange {
  readonly reverted: number
  readonly deep: boolean
  /** Something was appended, so the log agreed with the cursor. */
  readonly appended: boolean
  /** Duration of the append; 0 if there was none. */
  readonly seconds: number
}

/** Contracts of the deployment and their past. */
export interface LateContracts extends KnownContracts {
  /**
   * Blocks with facts of some contracts, and the last block of each piece, in order up to `to`; all
   * on one chain, on top of `after` if it is given.
   */
  readonly past: (
    addresses: readonly Hex[],
    range: { readonly after: BlockId | undefined; readonly to: number },
  ) => AsyncIterable<readonly IndexedBlock[]>
}

const nothing = { reverted: 0, deep: false, seconds: 0 } as const

/**
 * Squid's hot database over the event log: facts and cursor travel in one atomic append.
 *
 * An unknown outcome of an append leaves the instance unusable until `connect()` has read the
 * cursor back; the expected revision is never guessed.
 */
export class EventLogDatabase implements HotDatabase<BlockSink> {
  readonly supportsHotBlocks = true as const
  readonly #options: EventLogDatabaseOptions
  readonly #stream: string
  #cursor: ChainCursor = emptyCursor
  #coverage: Coverage = {}
  #revision: ExpectedRevision = 'none'
  #lastWrite = { height: -1, at: 0 }
  #pendingFacts: number[] = []
  #timer: NodeJS.Timeout | undefined
  #queue: Promise<unknown> = Promise.resolve()
  #closed = false

  constructor(options: EventLogDatabaseOptions) {
    this.#options = options
    this.#stream = chainStream(options.chainId)
  }

  get cursor(): ChainCursor {
    return this.#cursor
  }

  connect(): Promise<HotDatabaseState> {
    return this.#exclusive(async () => {
      const { eventLog, chainId, hashAt } = this.#options
      const last = await eventLog.readLast(this.#stream)
      this.#revision = last?.revision ?? 'none'
      this.#cursor = last === undefined ? emptyCursor : readCursor(last)
      const tip = tipOf(this.#cursor)
      this.#coverage = this.#readCoverage()
      this.#lastWrite = { height: tip.height, at: Date.now() }
      // Which blocks of the log have facts is not known here; saying once too often is harmless.
      this.#pendingFacts = this.#cursor.announced < tip.height ? [this.#cursor.announced + 1] : []
      const recovery = await recoverDeepReorg(
        eventLog,
        this.#stream,
        chainId,
        this.#cursor,
        hashAt,
        this.#options.confirmDeepReorg,
      )
      if (recovery !== undefined) {
        const { events, cursor } = recovery
        const written = events.length > 0 ? events : [cursorEvent(chainId, cursor, cursor)]
        await this.#append(written, cursor, { reverted: events.length, deep: true })
        this.#pendingFacts = []
      } else if (!(await this.#revertReplacedTop()))
        this.#options.onCursor?.(this.#cursor, { ...nothing, appended: false })
      await this.#readLateContracts()
      const { height, hash, top } = this.#cursor
      return { height, hash, top: [...top] }
    })
  }

  transact(info: FinalTxInfo, handle: (sink: BlockSink) => Promise<void>): Promise<void> {
    return this.#exclusive(async () => {
      if (info.prevHead.hash !== this.#cursor.hash)
        throw new BaseError('INTERNAL', {
          facts: { cursor: this.#cursor.hash, previous: info.prevHead.hash },
        })
      const blocks = await collect(handle)
      const { kept, reverted } = await this.#compareTop()
      const known = new Set(kept.map((block) => block.hash))
      await this.#commit(
        reverted,
        blocks.filter((block) => !known.has(block.hash)),
        { height: info.nextHead.height, hash: info.nextHead.hash, top: [] },
        blocks.at(-1)?.timestamp,
      )
    })
  }

  transactHot(): Promise<void> {
    return Promise.reject(new BaseError('INTERNAL', { facts: { method: 'transactHot' } }))
  }

  transactHot2(
    info: HotTxInfo,
    handle: (sink: BlockSink, start: number, end: number) => Promise<void>,
  ): Promise<void> {
    return this.#exclusive(async () => {
      const finalizedHead = await this.#finalBlock(info)
      const { skip, reverted, next } = planHotUpdate(this.#cursor, { ...info, finalizedHead })
      const end = info.newBlocks.length
      const blocks = skip < end ? await collect((sink) => handle(sink, skip, end)) : []
      await this.#commit(reverted, blocks, next, blocks.at(-1)?.timestamp)
    })
  }

  /** Waits for what is being written and writes nothing after it. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#queue.catch(() => undefined)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /**
   * Undoes blocks that a restart finds replaced. The runner would get there only when the new chain
   * outgrows the old one; over a node that lags or was cut off there is nothing to undo.
   */
  async #revertReplacedTop(): Promise<boolean> {
    const { chainId, hashAt } = this.#options
    const { top } = this.#cursor
    const replacements = new Map<number, string>()
    let kept = top.length
    for (; kept > 0; kept--) {
      const block = top[kept - 1] as BlockId
      const hash = await hashAt(block.height)
      if (hash === block.hash) break
      if (hash !== undefined) replacements.set(block.height, hash)
    }
    if (replacements.size === 0) return false
    const events = top
      .slice(kept)
      .reverse()
      .map((block) => revertEvent(chainId, block, replacements.get(block.height) ?? null))
    const cursor = { ...this.#cursor, top: top.slice(0, kept) }
    await this.#append(events, cursor, { reverted: events.length, deep: false })
    return true
  }

  /** @throws `DEPLOYMENT_INCOMPLETE` */
  #readCoverage(): Coverage {
    const { contracts } = this.#options
    const { covers, late } = this.#cursor
    if (contracts === undefined) return { covers, late }
    if (tipOf(this.#cursor).height < 0) return { covers: contracts.all.map(coverKey) }
    const { gone } = compareCoverage(this.#cursor, contracts)
    if (gone.length > 0)
      throw new BaseError('DEPLOYMENT_INCOMPLETE', {
        facts: { stream: this.#stream, contracts: gone.map((key) => `0x${key}…`).join(', ') },
      })
    return { covers: covers ?? contracts.first.map(coverKey), late }
  }

  /**
   * Appends what contracts said before the deployment named them, behind all that is in the log.
   * Nothing is taken back: folds order facts by block, and readers of the log by place if they must.
   */
  async #readLateContracts(): Promise<void> {
    const { contracts, eventLog, chainId, hashAt } = this.#options
    if (contracts === undefined) return
    const { missing } = compareCoverage(this.#coverage, contracts)
    if (missing.length === 0) return
    const begun = this.#coverage.late
    if (begun !== undefined && (await hashAt(begun.height)) !== begun.hash) {
      const { events, reached } = await undoLateFacts(eventLog, this.#stream, chainId, hashAt)
      this.#coverage = {
        covers: this.#coverage.covers,
        late: reached && { ...reached, covers: begun.covers },
      }
      const written = events.length > 0 ? events : [this.#cursorEvent()]
      await this.#append(written, this.#cursor, { reverted: events.length, deep: false })
    }
    const { late } = this.#coverage
    // Those that were begun are finished first; what was added meanwhile comes after them.
    const now = missing.filter((address) => late?.covers.includes(coverKey(address)) ?? true)
    const keys = now.map(coverKey)
    const tip = tipOf(this.#cursor)
    const after = late && { height: late.height, hash: late.hash }
    let last: BlockId | undefined = after
    for await (const blocks of contracts.past(now, { after, to: tip.height })) {
      last = blocks.at(-1) ?? last
      const withFacts = blocks.filter((block) => block.facts.length > 0)
      const pieces = withFacts.map((block) => ({ block, events: lateFactEvents(block.facts) }))
      for (const piece of cutAppends(pieces)) {
        const { height, hash } = piece.at(-1)?.block ?? tip
        this.#coverage = { ...this.#coverage, late: { height, hash, covers: keys } }
        await this.#append(
          piece.flatMap(({ events }) => events),
          this.#cursor,
        )
      }
    }
    if (last !== undefined && last.height === tip.height && last.hash !== tip.hash)
      throw new BaseError('NODE_UNAVAILABLE', { facts: { inconsistentHeight: tip.height } })
    this.#coverage = { covers: [...(this.#coverage.covers ?? []), ...keys] }
    await this.#append([coveredEvent(chainId, tip, now)], this.#cursor)
    await this.#readLateContracts()
  }

  #cursorEvent(): NewEvent {
    return cursorEvent(this.#options.chainId, tipOf(this.#cursor), this.#cursor)
  }

  async #finalBlock({ finalizedHead, baseHead, newBlocks }: HotTxInfo): Promise<BlockId> {
    if (this.#options.finalBlock === undefined) return finalizedHead
    const final = await this.#options.finalBlock()
    const chain = [this.#cursor, ...this.#cursor.top]
    const base = chain.findIndex((block) => block.hash === baseHead.hash)
    const next = [...chain.slice(0, base + 1), ...newBlocks]
    return next.find((block) => block.hash === final?.hash) ?? this.#cursor
  }

  /**
   * Blocks above the final one may become final while nothing was watching; those the chain kept
   * are not undone although the runner delivers them again.
   */
  async #compareTop(): Promise<{ kept: readonly BlockId[]; reverted: readonly BlockId[] }> {
    const { top } = this.#cursor
    const kept: BlockId[] = []
    for (const block of top) {
      if ((await this.#options.hashAt(block.height)) !== block.hash) break
      kept.push(block)
    }
    return { kept, reverted: top.slice(kept.length).reverse() }
  }

  async #commit(
    reverted: readonly BlockId[],
    blocks: readonly IndexedBlock[],
    next: Pick<ChainCursor, 'height' | 'hash' | 'top'>,
    timestamp: number | undefined,
  ): Promise<void> {
    const { chainId } = this.#options
    const withFacts = blocks.filter((block) => block.facts.length > 0)
    const pending = [...this.#pendingFacts, ...withFacts.map((block) => block.height)]
    const announce = pending.some((height) => height <= next.height)
    const cursor: ChainCursor = {
      ...next,
      announced: announce ? next.height : this.#cursor.announced,
      timestamp: timestamp ?? this.#cursor.timestamp,
    }
    const replacements = new Map(blocks.map((block) => [block.height, block.hash]))
    const reverts = reverted.map((block) =>
      revertEvent(chainId, block, replacements.get(block.height) ?? null),
    )
    const tail = announce ? [finalizedEvent(chainId, next)] : []
    const facts = withFacts.map((block) => ({ block, events: factEvents(block.facts) }))
    if (reverts.length + facts.length + tail.length > 0) {
      await this.#appendBlocks(reverts, facts, tail, cursor)
      this.#pendingFacts = pending.filter((height) => height > next.height)
    } else await this.#advance(cursor)
  }

  async #appendBlocks(
    reverts: readonly NewEvent[],
    facts: readonly BlockEvents[],
    tail: readonly NewEvent[],
    cursor: ChainCursor,
  ): Promise<void> {
    // Hot blocks and compensations are one step of the chain; only final blocks may be cut.
    const whole = cursor.top.length > 0 || reverts.length > 0 || this.#cursor.top.length > 0
    const appends = whole ? [] : cutAppends(facts).slice(0, -1)
    const rest = facts.slice(appends.reduce((sum, append) => sum + append.length, 0))
    const last = [...reverts, ...rest.flatMap((block) => block.events), ...tail]
    // The log takes them in order, and each expects the revision that the one before leaves: so
    // nothing is gained by waiting for every answer, and a failed one makes all later ones fail.
    const appending: Promise<void>[] = []
    let expected = this.#revision
    for (const append of appends) {
      const { height, hash } = append.at(-1)?.block ?? cursor
      const events = append.flatMap((block) => block.events)
      const next = { ...this.#cursor, height, hash, top: [] }
      const appended = this.#append(events, next, nothing, expected)
      if (expected === 'none') await appended
      else appending.push(appended)
      // The first revision of a stream that was deleted before is not known beforehand.
      expected = expected === 'none' ? this.#revision : revisionAfter(expected, events.length)
    }
    const change = { reverted: reverts.length, deep: false }
    appending.push(this.#append(last, cursor, change, expected))
    for (const outcome of await Promise.allSettled(appending))
      if (outcome.status === 'rejected') throw outcome.reason
  }

  async #advance(cursor: ChainCursor): Promise<void> {
    const { cursorMs = 2000, cursorBlocks = 5000, chainId } = this.#options
    this.#cursor = cursor
    this.#options.onCursor?.(cursor, { ...nothing, appended: false })
    const tip = tipOf(cursor)
    const waited = Date.now() - this.#lastWrite.at
    if (waited >= cursorMs || tip.height - this.#lastWrite.height >= cursorBlocks) {
      await this.#append([cursorEvent(chainId, tip, cursor)], cursor)
    } else if (this.#timer === undefined && !this.#closed) {
      this.#timer = setTimeout(() => this.#writeCursorLater(), cursorMs - waited)
      this.#timer.unref()
    }
  }

  #writeCursorLater(): void {
    this.#timer = undefined
    const write = this.#exclusive(async () => {
      const tip = tipOf(this.#cursor)
      if (this.#closed || tip.height === this.#lastWrite.height) return
      await this.#append([cursorEvent(this.#options.chainId, tip, this.#cursor)], this.#cursor)
    })
    // The same failure meets the runner at its next write, which starts over from `connect()`.
    write.catch(() => undefined)
  }

  async #append(
    events: readonly NewEvent[],
    cursor: ChainCursor,
    change: Pick<CursorChange, 'reverted' | 'deep'> = nothing,
    expectedRevision = this.#revision,
  ): Promise<void> {
    const started = performance.now()
    this.#coverage = carryCoverage(this.#coverage, tipOf(cursor))
    const head = { ...cursor, ...this.#coverage }
    const { revision } = await this.#options.eventLog.append(
      this.#stream,
      withCursor(events, head),
      { expectedRevision },
    )
    this.#revision = revision
    this.#cursor = head
    this.#lastWrite = { height: tipOf(cursor).height, at: Date.now() }
    const seconds = (performance.now() - started) / 1000
    this.#options.onCursor?.(cursor, { ...change, appended: true, seconds })
  }

  #exclusive<T>(task: () => Promise<T>): Promise<T> {
    const run = this.#queue.then(task, task)
    this.#queue = run.catch(() => undefined)
    return run
  }
}

const revisionAfter = (revision: ExpectedRevision, events: number): ExpectedRevision =>
  typeof revision === 'bigint' ? revision + BigInt(events) : revision

async function collect(
  handle: (sink: BlockSink) => Promise<void>,
): Promise<readonly IndexedBlock[]> {
  const blocks: IndexedBlock[] = []
  await handle({ add: (block) => blocks.push(block) })
  return blocks
}
