import { claimResolvers, contributorEpochResolvers, contributorResolvers } from './contributor.ts'
import { contributionResolvers, datanetResolvers } from './datanet.ts'
import { epochResolvers } from './epoch.ts'
import { disputeResolvers, epochFaultResolvers, epochProposalResolvers } from './epoch-proposal.ts'
import { factResolvers } from './fact.ts'
import { attributionResolvers, creditedRowResolvers, inferenceResolvers } from './inference.ts'
import {
  ldsMeasurementResolvers,
  modelResolvers,
  modelVersionResolvers,
  trainingRunResolvers,
} from './model.ts'
import { queryResolvers } from './query.ts'
import { bigIntScalar, hexScalar, jsonScalar } from './scalars.ts'

/** One resolver map per type of the SDL that needs more than its columns. */
export const resolvers = {
  BigInt: bigIntScalar,
  Hex: hexScalar,
  JSON: jsonScalar,
  Query: queryResolvers,
  Datanet: datanetResolvers,
  Contribution: contributionResolvers,
  Model: modelResolvers,
  ModelVersion: modelVersionResolvers,
  TrainingRun: trainingRunResolvers,
  Inference: inferenceResolvers,
  Attribution: attributionResolvers,
  CreditedRow: creditedRowResolvers,
  Contributor: contributorResolvers,
  ContributorEpoch: contributorEpochResolvers,
  Claim: claimResolvers,
  Epoch: epochResolvers,
  EpochProposal: epochProposalResolvers,
  EpochFault: epochFaultResolvers,
  Dispute: disputeResolvers,
  LdsMeasurement: ldsMeasurementResolvers,
  Fact: factResolvers,
}
