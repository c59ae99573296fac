import { type Abi, type ContractConstructorArgs, encodeDeployData } from 'viem'
import type { Hex } from '../../schema/events/event.ts'
import { agentStakingAbi, agentStakingBytecode } from '../abi/agent-staking.ts'
import { datanetRegistryAbi, datanetRegistryBytecode } from '../abi/datanet-registry.ts'
import { inferenceEscrowAbi, inferenceEscrowBytecode } from '../abi/inference-escrow.ts'
import { inferenceLedgerAbi, inferenceLedgerBytecode } from '../abi/inference-ledger.ts'
import { modelRegistryAbi, modelRegistryBytecode } from '../abi/model-registry.ts'
import { provenantAccessAbi, provenantAccessBytecode } from '../abi/provenant-access.ts'
import { provenantTokenAbi, provenantTokenBytecode } from '../abi/provenant-token.ts'
import { rewardsDistributorAbi, rewardsDistributorBytecode } from '../abi/rewards-distributor.ts'
import { wireAccess } from '../wire-access.ts'
import { createPlanBuilder, genesisName } from './create-plan-builder.ts'
import type { ResolvedSettings } from './deploy-settings.ts'
import type { Plan } from './plan.ts'

/** Plans the creation of all contracts and the hand-over of all roles. */
export function buildPlan(settings: ResolvedSettings): Plan {
  const plan = createPlanBuilder()
  const create = <const A extends Abi>(
    name: string,
    abi: A,
    bytecode: Hex,
    args: ContractConstructorArgs<A>,
  ): Hex => {
    const options = { abi, bytecode, args } as Parameters<typeof encodeDeployData>[0]
    return plan.create(name, encodeDeployData(options))
  }

  const access = create('access', provenantAccessAbi, provenantAccessBytecode, [
    plan.addressOf(genesisName),
  ])
  const token = create('token', provenantTokenAbi, provenantTokenBytecode, [
    settings.tokenHolder,
    settings.tokenSupply,
  ])
  const datanets = create('datanets', datanetRegistryAbi, datanetRegistryBytecode, [])
  create('models', modelRegistryAbi, modelRegistryBytecode, [datanets])
  const staking = create('staking', agentStakingAbi, agentStakingBytecode, [
    access,
    token,
    settings.stakeThawPeriod,
    settings.treasury,
  ])
  const rewards = create('rewards', rewardsDistributorAbi, rewardsDistributorBytecode, [
    access,
    token,
    staking,
    settings.disputeWindow,
    settings.minBond,
    { platform: settings.platform, stakers: settings.stakers },
  ])
  const escrow = create('escrow', inferenceEscrowAbi, inferenceEscrowBytecode, [
    rewards,
    plan.addressOf('ledger'),
    settings.thawPeriod,
  ])
  create('ledger', inferenceLedgerAbi, inferenceLedgerBytecode, [access, escrow])
  wireAccess(plan, settings)
  return plan.finish()
}
