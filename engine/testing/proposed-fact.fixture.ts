import type { EpochProposed } from '../../schema/events/epoch.ts'
import type { EpochProposal } from '../../schema/manifests/epoch-proposal.ts'
import { accountOf } from './tiny-world.fixture.ts'

/** Data of the fact that an epoch was proposed. */
export const proposedFact = (
  proposal: EpochProposal,
  numbers: { readonly epoch: string; readonly previousEpoch: string },
): EpochProposed['data'] => ({
  ...numbers,
  ...proposal,
  totalEarned: String(proposal.totalEarned),
  fromBlock: String(proposal.fromBlock),
  toBlock: String(proposal.toBlock),
  poster: accountOf('poster'),
  activatesAt: '0',
})
