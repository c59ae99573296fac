import type { AccusedEpoch } from './accused-epoch.ts'

/** Says whether a block belongs to an epoch; the first one reaches back to the first block. */
export const isInEpoch = (
  { proposal, previousEpoch }: AccusedEpoch,
  blockNumber: bigint,
): boolean =>
  blockNumber <= proposal.toBlock && (previousEpoch === 0n || blockNumber >= proposal.fromBlock)
