import { agentStakingAbi, agentStakingBytecode } from '../abi/agent-staking.ts'
import { epochDisputesAbi, epochDisputesBytecode } from '../abi/epoch-disputes.ts'
import { inferenceEscrowAbi, inferenceEscrowBytecode } from '../abi/inference-escrow.ts'
import { inferenceLedgerAbi, inferenceLedgerBytecode } from '../abi/inference-ledger.ts'
import { rewardsDistributorAbi, rewardsDistributorBytecode } from '../abi/rewards-distributor.ts'
import type { PlanBuilder } from './create-plan-builder.ts'
import type { ResolvedSettings } from './resolve-settings.ts'

/** Adds the contracts that hold or decide about money. */
export function planMoney({ addressOf, create }: PlanBuilder, settings: ResolvedSettings): void {
  const [access, token] = [addressOf('access'), addressOf('token')]
  const staking = create({
    ...{ name: 'staking', contract: 'AgentStaking' },
    ...{ abi: agentStakingAbi, bytecode: agentStakingBytecode },
    args: [access, token, settings.stakeThawPeriod, settings.treasury],
  })
  const rewards = create({
    ...{ name: 'rewards', contract: 'RewardsDistributor' },
    ...{ abi: rewardsDistributorAbi, bytecode: rewardsDistributorBytecode },
    args: [
      ...([access, token, staking] as const),
      settings.disputeWindow,
      settings.minBond,
      { platform: settings.platform, stakers: settings.stakers },
    ],
  })
  // Escrow and ledger hold each other's address for good.
  const escrow = create({
    ...{ name: 'escrow', contract: 'InferenceEscrow' },
    ...{ abi: inferenceEscrowAbi, bytecode: inferenceEscrowBytecode },
    args: [access, rewards, addressOf('ledger'), settings.thawPeriod],
  })
  const ledger = create({
    ...{ name: 'ledger', contract: 'InferenceLedger' },
    ...{ abi: inferenceLedgerAbi, bytecode: inferenceLedgerBytecode },
    args: [access, escrow],
  })
  create({
    ...{ name: 'disputes', contract: 'EpochDisputes' },
    ...{ abi: epochDisputesAbi, bytecode: epochDisputesBytecode },
    args: [access, rewards, staking, ledger, addressOf('models'), settings.disputes],
  })
}
