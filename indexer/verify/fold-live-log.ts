import type { EventLog, RecordedEvent } from '../../eventlog/client/event-log.ts'
import { canonicalJson } from '../../schema/codec/canonical-json.ts'
import { sha256 } from '../../schema/codec/sha256.ts'
import { chainStream } from '../../schema/events/streams.ts'
import { type ChainCursor, emptyCursor, readCursor } from '../store/chain-cursor.ts'
import type { VerifyDifference } from './verify-difference.ts'

/** A fact that no revert has undone. */
export interface LiveFact {
  readonly type: string
  readonly height: number
  readonly blockHash: string
  /** sha256 over type, data and place. */
  readonly digest: string
}

/** What the log of a chain comes to. */
export interface LiveLog {
  /** By event id. */
  readonly facts: ReadonlyMap<string, LiveFact>
  readonly twice: readonly VerifyDifference[]
  readonly cursor: ChainCursor
  /** Revision of the last event read; -1 in an empty log. */
  readonly revision: bigint
  readonly events: number
}

/** Digest of what an event says, by which chain and log are compared. */
export const factDigest = (event: Pick<RecordedEvent, 'type' | 'data' | 'metadata'>): string => {
  const { head: _, late: __, ...place } = event.metadata
  return sha256(canonicalJson({ type: event.type, data: event.data, place } as never))
}

/**
 * Folds a chain's stream: facts add, a reverted block takes its facts away.
 *
 * @param options.upTo last position of the log that counts.
 * @throws `EVENT_LOG_CORRUPT` when the head of an append is not readable.
 */
export async function foldLiveLog(
  eventLog: Pick<EventLog, 'read'>,
  chainId: number,
  options: { readonly upTo?: bigint; readonly onEvent?: (events: number) => void } = {},
): Promise<LiveLog> {
  const facts = new Map<string, LiveFact>()
  const byHash = new Map<string, Set<string>>()
  const twice: VerifyDifference[] = []
  let cursor = emptyCursor
  let revision = -1n
  let events = 0
  for await (const event of eventLog.read(chainStream(chainId))) {
    if (options.upTo !== undefined && event.position > options.upTo) break
    revision = event.revision
    events += 1
    options.onEvent?.(events)
    if ('head' in event.metadata) cursor = readCursor(event)
    const { blockNumber, blockHash } = event.metadata
    if (event.type === 'BlockReverted') {
      const gone = String(event.data['hash'])
      for (const id of byHash.get(gone) ?? []) facts.delete(id)
      byHash.delete(gone)
    } else if (typeof blockNumber === 'number' && typeof blockHash === 'string') {
      const place = { height: blockNumber, blockHash, what: event.type, id: event.id }
      if (facts.has(event.id)) twice.push({ between: 'chain and log', kind: 'twice', ...place })
      const digest = factDigest(event)
      facts.set(event.id, { type: event.type, height: blockNumber, blockHash, digest })
      const same = byHash.get(blockHash)
      if (same === undefined) byHash.set(blockHash, new Set([event.id]))
      else same.add(event.id)
    }
  }
  return { facts, twice, cursor, revision, events }
}
