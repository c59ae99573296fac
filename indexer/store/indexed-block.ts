import type { ChainFact } from '../../schema/events/chain-event.ts'
import type { BlockId } from './chain-cursor.ts'

/** A block with its facts in log order; blocks without facts carry an empty list. */
export interface IndexedBlock extends BlockId {
  /** Seconds since 1970. */
  readonly timestamp: number
  readonly facts: readonly ChainFact[]
}
