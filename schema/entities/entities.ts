import { agentStakeEntity } from './agent-stake.ts'
import { attributionEntity } from './attribution.ts'
import { attributionRowEntity } from './attribution-row.ts'
import { attributionShareEntity } from './attribution-share.ts'
import { batchEntity } from './batch.ts'
import { chainHeadEntity } from './chain-head.ts'
import { claimEntity } from './claim.ts'
import { contributionEntity } from './contribution.ts'
import { contributorStandingEntity } from './contributor-standing.ts'
import { datanetEntity } from './datanet.ts'
import { datanetStateEntity } from './datanet-state.ts'
import { disputeEntity } from './dispute.ts'
import { epochEntity } from './epoch.ts'
import { epochFaultEntity } from './epoch-fault.ts'
import { epochLeafEntity } from './epoch-leaf.ts'
import { epochProposalEntity } from './epoch-proposal.ts'
import { escrowAccountEntity } from './escrow-account.ts'
import { escrowEntryEntity } from './escrow-entry.ts'
import { factEntity } from './fact.ts'
import { fundingEntity } from './funding.ts'
import { inferenceEntity } from './inference.ts'
import { laneSkipEntity } from './lane-skip.ts'
import { ldsMeasurementEntity } from './lds-measurement.ts'
import { modelEntity } from './model.ts'
import { modelVersionEntity } from './model-version.ts'
import { projectionCheckpointEntity } from './projection-checkpoint.ts'
import { rewardAccountEntity } from './reward-account.ts'
import { sessionKeyEntity } from './session-key.ts'
import { termsEntity } from './terms.ts'
import { trainingRunEntity } from './training-run.ts'
import { undecodableLogEntity } from './undecodable-log.ts'

/** Every entity of the read model, for the `entities` option of a TypeORM `DataSource`. */
export const entities = [
  datanetEntity,
  contributionEntity,
  modelEntity,
  trainingRunEntity,
  modelVersionEntity,
  termsEntity,
  escrowEntryEntity,
  escrowAccountEntity,
  batchEntity,
  inferenceEntity,
  laneSkipEntity,
  attributionEntity,
  attributionRowEntity,
  attributionShareEntity,
  epochEntity,
  epochLeafEntity,
  rewardAccountEntity,
  claimEntity,
  fundingEntity,
  undecodableLogEntity,
  chainHeadEntity,
  projectionCheckpointEntity,
  agentStakeEntity,
  contributorStandingEntity,
  datanetStateEntity,
  disputeEntity,
  epochFaultEntity,
  epochProposalEntity,
  factEntity,
  ldsMeasurementEntity,
  sessionKeyEntity,
]
