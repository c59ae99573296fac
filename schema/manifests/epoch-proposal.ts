import type { Hex } from '../events/event.ts'

/** What is proposed for an epoch; `Proposal` of the rewards distributor. */
export interface EpochProposal {
  /** Root of the reward tree. */
  readonly root: Hex
  /** Everything earned since the first epoch, base units. */
  readonly totalEarned: bigint
  /** Leaves of the reward tree. */
  readonly accounts: number
  readonly creditsRoot: Hex
  readonly credits: number
  readonly callsRoot: Hex
  readonly calls: number
  /** sha256 of the epoch manifest. */
  readonly dataHash: Hex
  readonly engineHash: Hex
  readonly fromBlock: bigint
  readonly toBlock: bigint
  readonly toBlockHash: Hex
}
