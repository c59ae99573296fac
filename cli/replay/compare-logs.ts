import type { LiveLog } from '../../indexer/verify/fold-live-log.ts'
import { byBlock, type VerifyDifference } from '../../indexer/verify/verify-difference.ts'

/** What two logs of one chain agree on. */
export interface LogComparison {
  /** Last block that is final in both. */
  readonly height: number
  /** Facts of the replayed log up to there. */
  readonly facts: number
  /** In order of blocks. */
  readonly differences: readonly VerifyDifference[]
}

/** Compares the facts of final blocks of a log with those of one that was read from the chain anew. */
export function compareLogs(live: LiveLog, replayed: LiveLog): LogComparison {
  const height = Math.min(live.cursor.height, replayed.cursor.height)
  const differences: VerifyDifference[] = []
  const between = 'chain and log' as const
  let facts = 0
  for (const [id, { type: what, digest, height: at, blockHash }] of replayed.facts) {
    if (at > height) continue
    facts += 1
    const found = live.facts.get(id)
    if (found?.digest === digest) continue
    const kind = found === undefined ? 'missing' : 'different'
    differences.push({ between, kind, height: at, blockHash, what, id })
  }
  for (const [id, { type: what, height: at, blockHash }] of live.facts)
    if (at <= height && !replayed.facts.has(id))
      differences.push({ between, kind: 'extra', height: at, blockHash, what, id })
  return { height, facts, differences: differences.sort(byBlock) }
}
