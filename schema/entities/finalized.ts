import { EntitySchema, type ObjectLiteral } from 'typeorm'
import { contributionEntity } from './contribution.ts'
import { datanetEntity } from './datanet.ts'
import { epochProposalEntity } from './epoch-proposal.ts'
import { factEntity } from './fact.ts'
import { inferenceEntity } from './inference.ts'
import { modelEntity } from './model.ts'

/** The same rows as of the newest final block; see migration 0003. */
const finalized = <T extends ObjectLiteral>({ options }: EntitySchema<T>): EntitySchema<T> => {
  const { target: _, ...columns } = options
  return new EntitySchema<T>({
    ...columns,
    name: `Finalized${options.name}`,
    tableName: `finalized_${options.tableName}`,
  })
}

export const finalizedDatanet = finalized(datanetEntity)
export const finalizedContribution = finalized(contributionEntity)
export const finalizedModel = finalized(modelEntity)
export const finalizedInference = finalized(inferenceEntity)
export const finalizedEpochProposal = finalized(epochProposalEntity)
export const finalizedFact = finalized(factEntity)

/** Every view of final rows that the API reads. */
export const finalizedEntities = [
  finalizedDatanet,
  finalizedContribution,
  finalizedModel,
  finalizedInference,
  finalizedEpochProposal,
  finalizedFact,
]
