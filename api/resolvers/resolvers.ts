import { claimResolvers, contributorEpochResolvers, contributorResolvers } from './contributor.ts'
import { contributionResolvers, datanetResolvers } from './datanet.ts'
import { epochResolvers } from './epoch.ts'
import { attributionResolvers, creditedRowResolvers, inferenceResolvers } from './inference.ts'
import { modelResolvers, modelVersionResolvers, trainingRunResolvers } from './model.ts'
import { queryResolvers } from './query.ts'
import { bigIntScalar, hexScalar } from './scalars.ts'

/** One resolver map per type of the SDL that needs more than its columns. */
export const resolvers = {
  BigInt: bigIntScalar,
  Hex: hexScalar,
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
}
