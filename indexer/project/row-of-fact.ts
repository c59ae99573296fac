import type { ChainFact } from '../../schema/events/chain-event.ts'
import { controlRow } from './control-rows.ts'
import type { FoldedKeys } from './folded-keys.ts'
import { inferenceRow } from './inference-rows.ts'
import { moneyRow } from './money-rows.ts'
import { registryRow } from './registry-rows.ts'
import type { TableRow } from './table-row.ts'

/**
 * Says which row a fact is, and notes the folded rows that depend on it.
 *
 * @param id id of the event, the key of rows whose fact has none of its own
 */
export function rowOfFact(fact: ChainFact, id: string, keys: FoldedKeys): TableRow {
  switch (fact.type) {
    case 'DatanetCreated':
    case 'ContributionSubmitted':
    case 'ContributionAccepted':
    case 'ContributionRejected':
    case 'ModelRegistered':
    case 'TrainingRunRecorded':
    case 'ModelVersionPublished':
    case 'TermsSet':
      return registryRow(fact, id, keys)
    case 'EscrowDeposited':
    case 'EscrowThawStarted':
    case 'EscrowWithdrawn':
    case 'EscrowCharged':
    case 'RewardsFunded':
    case 'RewardClaimed':
    case 'RecipientSet':
      return moneyRow(fact, id, keys)
    case 'CodecRegistered':
    case 'BatchCommitted':
    case 'InferenceRecorded':
    case 'BatchLaneSkipped':
    case 'EpochProposed':
    case 'EpochRejected':
    case 'EpochActivated':
    case 'UndecodableLog':
      return inferenceRow(fact, id)
    default:
      return controlRow(fact, id, keys)
  }
}
