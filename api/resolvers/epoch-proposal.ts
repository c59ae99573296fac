import type { EpochProposal } from '../../schema/entities/epoch-proposal.ts'
import type { ApiContext } from '../context.ts'
import { provenance } from './provenance.ts'

export const epochProposalResolvers = {
  faults: ({ id }: EpochProposal, _: unknown, { loaders }: ApiContext) =>
    loaders.faultsOfProposal.load(id),
  disputes: ({ id }: EpochProposal, _: unknown, { loaders }: ApiContext) =>
    loaders.disputesOfProposal.load(id),
  provenance,
}

export const epochFaultResolvers = { provenance }

export const disputeResolvers = { provenance }
