import { agentStakingAbi } from './abi/agent-staking.ts'
import { contributionVotesAbi } from './abi/contribution-votes.ts'
import { datanetRegistryAbi } from './abi/datanet-registry.ts'
import { epochDisputesAbi } from './abi/epoch-disputes.ts'
import { epochFaultsAbi } from './abi/epoch-faults.ts'
import { inferenceEscrowAbi } from './abi/inference-escrow.ts'
import { inferenceLedgerAbi } from './abi/inference-ledger.ts'
import { modelProposalsAbi } from './abi/model-proposals.ts'
import { modelRegistryAbi } from './abi/model-registry.ts'
import { provenantGovernorAbi } from './abi/provenant-governor.ts'
import { rewardsDistributorAbi } from './abi/rewards-distributor.ts'

/** Which contract knows which other one, and the getter that shows it. */
export const contractWires = [
  { contract: 'ledger', abi: inferenceLedgerAbi, getter: 'authority', target: 'access' },
  { contract: 'ledger', abi: inferenceLedgerAbi, getter: 'escrow', target: 'escrow' },
  { contract: 'escrow', abi: inferenceEscrowAbi, getter: 'authority', target: 'access' },
  { contract: 'escrow', abi: inferenceEscrowAbi, getter: 'ledger', target: 'ledger' },
  { contract: 'escrow', abi: inferenceEscrowAbi, getter: 'rewards', target: 'rewards' },
  { contract: 'escrow', abi: inferenceEscrowAbi, getter: 'token', target: 'token' },
  { contract: 'rewards', abi: rewardsDistributorAbi, getter: 'authority', target: 'access' },
  { contract: 'rewards', abi: rewardsDistributorAbi, getter: 'token', target: 'token' },
  { contract: 'rewards', abi: rewardsDistributorAbi, getter: 'staking', target: 'staking' },
  { contract: 'staking', abi: agentStakingAbi, getter: 'authority', target: 'access' },
  { contract: 'staking', abi: agentStakingAbi, getter: 'token', target: 'token' },
  { contract: 'datanets', abi: datanetRegistryAbi, getter: 'authority', target: 'access' },
  { contract: 'models', abi: modelRegistryAbi, getter: 'authority', target: 'access' },
  { contract: 'models', abi: modelRegistryAbi, getter: 'datanets', target: 'datanets' },
  { contract: 'disputes', abi: epochDisputesAbi, getter: 'authority', target: 'access' },
  { contract: 'disputes', abi: epochDisputesAbi, getter: 'rewards', target: 'rewards' },
  { contract: 'disputes', abi: epochDisputesAbi, getter: 'staking', target: 'staking' },
  { contract: 'disputes', abi: epochDisputesAbi, getter: 'faults', target: 'faults' },
  { contract: 'faults', abi: epochFaultsAbi, getter: 'rewards', target: 'rewards' },
  { contract: 'faults', abi: epochFaultsAbi, getter: 'ledger', target: 'ledger' },
  { contract: 'faults', abi: epochFaultsAbi, getter: 'models', target: 'models' },
  { contract: 'votes', abi: contributionVotesAbi, getter: 'authority', target: 'access' },
  { contract: 'votes', abi: contributionVotesAbi, getter: 'rewards', target: 'rewards' },
  { contract: 'votes', abi: contributionVotesAbi, getter: 'models', target: 'models' },
  { contract: 'votes', abi: contributionVotesAbi, getter: 'governor', target: 'governor' },
  { contract: 'governor', abi: provenantGovernorAbi, getter: 'token', target: 'votes' },
  { contract: 'governor', abi: provenantGovernorAbi, getter: 'timelock', target: 'timelock' },
  { contract: 'proposals', abi: modelProposalsAbi, getter: 'authority', target: 'access' },
  { contract: 'proposals', abi: modelProposalsAbi, getter: 'rewards', target: 'rewards' },
  { contract: 'proposals', abi: modelProposalsAbi, getter: 'votes', target: 'votes' },
  { contract: 'proposals', abi: modelProposalsAbi, getter: 'staking', target: 'staking' },
] as const
