import { isDeepStrictEqual } from 'node:util'
import type { ChainFact } from './chain-fact.ts'
import type { LoggedEvent } from './read-log.ts'

/** What a log comes to. */
export interface FoldedLog {
  /** Live events by `blockHash:logIndex:part`. */
  readonly live: ReadonlyMap<string, LoggedEvent>
  /** Keys and ids that are live more than once, in words. */
  readonly twice: readonly string[]
  readonly revertedBlocks: number
}

/** Folds a log: facts add, a reverted block takes its facts away. */
export function foldLog(events: readonly LoggedEvent[]): FoldedLog {
  const blocks = new Map<string, LoggedEvent[]>()
  let revertedBlocks = 0
  for (const event of events) {
    const { blockHash } = event.metadata
    if (event.type === 'BlockReverted') {
      revertedBlocks += 1
      blocks.delete(String(event.data['hash']))
    } else if (typeof blockHash === 'string')
      blocks.set(blockHash, [...(blocks.get(blockHash) ?? []), event])
  }
  const live = new Map<string, LoggedEvent>()
  const ids = new Set<string>()
  const twice: string[] = []
  for (const [hash, block] of blocks) {
    const parts = new Map<number, number>()
    for (const event of block) {
      if (ids.has(event.id)) twice.push(`event ${event.id} (${event.type}) is live twice`)
      ids.add(event.id)
      const logIndex = Number(event.metadata['logIndex'])
      const part = parts.get(logIndex) ?? 0
      parts.set(logIndex, part + 1)
      live.set(`${hash}:${logIndex}:${part}`, event)
    }
  }
  return { live, twice, revertedBlocks }
}

/** Names every difference between the chain's facts and the live events of the log. */
export function compareLog(facts: readonly ChainFact[], log: FoldedLog): readonly string[] {
  const differences = [...log.twice]
  const unseen = new Map(log.live)
  for (const fact of facts) {
    const event = log.live.get(fact.key)
    unseen.delete(fact.key)
    const where = `${fact.type} ${fact.key} of block ${fact.height}`
    if (event === undefined) differences.push(`the log lacks ${where}`)
    else if (event.type !== fact.type)
      differences.push(`the log has ${event.type} where the chain has ${where}`)
    else differences.push(...compareData(where, fact, event))
  }
  for (const [key, event] of unseen)
    differences.push(
      `the chain lacks ${event.type} ${key} of block ${event.metadata['blockNumber']}`,
    )
  return differences
}

function compareData(where: string, fact: ChainFact, event: LoggedEvent): readonly string[] {
  // Why a log could not be read is the product's own wording.
  const { why: _, ...data } = event.data
  const place = event.metadata
  const same =
    isDeepStrictEqual(data, fact.data) &&
    place['blockNumber'] === fact.height &&
    place['blockHash'] === fact.blockHash
  const differs = Object.keys({ ...data, ...fact.data }).filter(
    (field) => !isDeepStrictEqual(data[field], fact.data[field]),
  )
  return same ? [] : [`the log says otherwise (${differs.join(', ') || 'place'}) in ${where}`]
}
