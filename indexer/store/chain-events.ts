import type { EventPayload, NewEvent } from '../../eventlog/client/event-log.ts'
import type { ChainFact } from '../../schema/events/chain-event.ts'
import type { Hex } from '../../schema/events/event.ts'
import { eventId } from '../../schema/events/event-id.ts'
import type { BlockId, ChainCursor } from './chain-cursor.ts'

/** Events of one block's facts; a log that says several things numbers them. */
export function factEvents(facts: readonly ChainFact[]): readonly NewEvent[] {
  const parts = new Map<number, number>()
  return facts.map((fact) => {
    const { chainId, blockHash, logIndex } = fact.metadata
    const part = parts.get(logIndex) ?? 0
    parts.set(logIndex, part + 1)
    return {
      id: eventId([chainId, blockHash, logIndex, part]),
      type: fact.type,
      data: { ...fact.data },
      metadata: { ...fact.metadata },
    }
  })
}

/** The same for a contract whose past is read after what came later. */
export const lateFactEvents = (facts: readonly ChainFact[]): readonly NewEvent[] =>
  factEvents(facts.map((fact) => ({ ...fact, metadata: { ...fact.metadata, late: true } })))

/** Says that everything some contracts said up to a block stands before it. */
export const coveredEvent = (
  chainId: number,
  tip: BlockId,
  contracts: readonly Hex[],
): NewEvent => ({
  id: eventId([chainId, 'covered', tip.hash, ...contracts]),
  type: 'CursorAdvanced',
  data: { height: tip.height, hash: tip.hash, contracts },
  metadata: { chainId },
})

/** Compensation for a block that left the chain. */
export const revertEvent = (
  chainId: number,
  block: BlockId,
  replacedBy: string | null,
): NewEvent => ({
  id: eventId([chainId, 'revert', block.hash, 'by', replacedBy ?? 'none']),
  type: 'BlockReverted',
  data: { height: block.height, hash: block.hash, replacedBy },
  metadata: { chainId },
})

/** Says that a block and everything below it is final. */
export const finalizedEvent = (chainId: number, block: BlockId): NewEvent => ({
  id: eventId([chainId, 'finalized', block.hash]),
  type: 'BlockFinalized',
  data: { height: block.height, hash: block.hash },
  metadata: { chainId },
})

/** Says that nothing of interest happened up to a block. */
export const cursorEvent = (chainId: number, tip: BlockId, cursor: ChainCursor): NewEvent => ({
  id: eventId([chainId, 'cursor', cursor.hash, ...cursor.top.map((block) => block.hash)]),
  type: 'CursorAdvanced',
  data: { height: tip.height, hash: tip.hash },
  metadata: { chainId },
})

/** Puts the cursor into the last event of an append. */
export function withCursor(events: readonly NewEvent[], head: ChainCursor): readonly NewEvent[] {
  return events.map((event, i) =>
    i < events.length - 1 ? event : { ...event, metadata: withHead(event.metadata, head) },
  )
}

const withHead = (metadata: EventPayload | undefined, head: ChainCursor): EventPayload => ({
  ...metadata,
  head,
})
