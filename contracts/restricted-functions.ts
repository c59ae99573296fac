import { type Abi, type AbiFunction, getAbiItem } from 'viem'
import { agentStakingAbi } from './abi/agent-staking.ts'
import { contributionVotesAbi } from './abi/contribution-votes.ts'
import { datanetRegistryAbi } from './abi/datanet-registry.ts'
import { epochDisputesAbi } from './abi/epoch-disputes.ts'
import { inferenceEscrowAbi } from './abi/inference-escrow.ts'
import { inferenceLedgerAbi } from './abi/inference-ledger.ts'
import { modelProposalsAbi } from './abi/model-proposals.ts'
import { modelRegistryAbi } from './abi/model-registry.ts'
import { rewardsDistributorAbi } from './abi/rewards-distributor.ts'
import type { RoleName } from './role-ids.ts'

const entry = <C extends string>(contract: C, abi: Abi, name: string, role: RoleName) => ({
  contract,
  signature: getAbiItem({ abi, name }) as AbiFunction,
  role,
})

/** The functions that need a role, and which one; all others are open or check for themselves. */
export const restrictedFunctions = [
  entry('datanets', datanetRegistryAbi, 'scoreContribution', 'validator'),
  entry('datanets', datanetRegistryAbi, 'penalise', 'validator'),
  entry('datanets', datanetRegistryAbi, 'setPaused', 'guardian'),
  entry('datanets', datanetRegistryAbi, 'upgradeToAndCall', 'upgrader'),
  entry('models', modelRegistryAbi, 'attestLds', 'validator'),
  entry('models', modelRegistryAbi, 'setPaused', 'guardian'),
  entry('models', modelRegistryAbi, 'upgradeToAndCall', 'upgrader'),
  entry('ledger', inferenceLedgerAbi, 'setOperator', 'registrar'),
  entry('ledger', inferenceLedgerAbi, 'registerCodec', 'registrar'),
  entry('ledger', inferenceLedgerAbi, 'setPaused', 'guardian'),
  entry('escrow', inferenceEscrowAbi, 'setPaused', 'guardian'),
  entry('rewards', rewardsDistributorAbi, 'propose', 'epochPoster'),
  entry('rewards', rewardsDistributorAbi, 'reject', 'guardian'),
  entry('rewards', rewardsDistributorAbi, 'pauseProposals', 'guardian'),
  entry('rewards', rewardsDistributorAbi, 'pauseClaims', 'guardian'),
  entry('rewards', rewardsDistributorAbi, 'rejectFaulty', 'disputes'),
  entry('rewards', rewardsDistributorAbi, 'setDisputed', 'disputes'),
  entry('staking', agentStakingAbi, 'slash', 'slasher'),
  entry('staking', agentStakingAbi, 'setPaused', 'guardian'),
  entry('disputes', epochDisputesAbi, 'resolveByGovernance', 'admin'),
  entry('votes', contributionVotesAbi, 'voidEpoch', 'guardian'),
  entry('proposals', modelProposalsAbi, 'setPaused', 'guardian'),
  entry('proposals', modelProposalsAbi, 'decide', 'admin'),
] as const
