import type { Hex } from '../../schema/events/event.ts'
import type { EpochProposal } from '../../schema/manifests/epoch-proposal.ts'

/** What an epoch was proposed with; the poster is bound to it by the epoch's commitment. */
export interface AccusedEpoch {
  /** Number on-chain. */
  readonly epoch: bigint
  readonly proposal: EpochProposal
  readonly poster: Hex
  /** The active epoch at the time of the proposal, 0 if there was none. */
  readonly previousEpoch: bigint
}

/** `Context` of the fault proofs. */
export const contextOf = ({ proposal, poster, previousEpoch }: AccusedEpoch) => ({
  proposal,
  poster,
  previousEpoch,
})
