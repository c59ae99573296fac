import type { Hex } from '../../schema/events/event.ts'
import type { ChainState } from '../state/chain-state.ts'
import type { AccusedEpoch } from './accused-epoch.ts'
import type { BatchEvidence } from './batch-evidence.ts'
import type { EpochOpening } from './epoch-opening.ts'

/** Everything that faults of an epoch are looked for in. */
export interface Accusation {
  readonly accused: AccusedEpoch
  readonly opening: EpochOpening
  /** Facts of the chain up to the epoch's last block or later. */
  readonly state: ChainState
  readonly payees: { readonly platform: Hex; readonly stakers: Hex }
  /** Total of the previous epoch, 0 if there is none. */
  readonly previousTotal: bigint
  /** Hash of the epoch's last block; undefined if the node does not know the block. */
  readonly toBlockHash: Hex | undefined
  /**
   * Reads what the chain holds of a batch: undefined if there is no such batch, `unexplained` if it
   * cannot be shown what there is.
   */
  readonly readBatch: (batchId: bigint) => Promise<BatchEvidence | 'unexplained' | undefined>
}
