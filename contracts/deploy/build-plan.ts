import { encodeFunctionData } from 'viem'
import { agentStakingAbi, agentStakingBytecode } from '../abi/agent-staking.ts'
import { datanetRegistryAbi, datanetRegistryBytecode } from '../abi/datanet-registry.ts'
import { epochDisputesAbi, epochDisputesBytecode } from '../abi/epoch-disputes.ts'
import { inferenceEscrowAbi, inferenceEscrowBytecode } from '../abi/inference-escrow.ts'
import { inferenceLedgerAbi, inferenceLedgerBytecode } from '../abi/inference-ledger.ts'
import { modelRegistryAbi, modelRegistryBytecode } from '../abi/model-registry.ts'
import { provenantAccessAbi, provenantAccessBytecode } from '../abi/provenant-access.ts'
import { provenantTokenAbi, provenantTokenBytecode } from '../abi/provenant-token.ts'
import { registryProxyAbi, registryProxyBytecode } from '../abi/registry-proxy.ts'
import { rewardsDistributorAbi, rewardsDistributorBytecode } from '../abi/rewards-distributor.ts'
import { wireAccess } from '../wire-access.ts'
import { createPlanBuilder, genesisName } from './create-plan-builder.ts'
import type { ResolvedSettings } from './deploy-settings.ts'
import type { Plan } from './plan.ts'

const proxy = {
  contract: 'RegistryProxy',
  abi: registryProxyAbi,
  bytecode: registryProxyBytecode,
} as const

/** Plans the creation of all contracts and the hand-over of all roles. */
export function buildPlan(settings: ResolvedSettings): Plan {
  const plan = createPlanBuilder()
  const { addressOf, create } = plan

  const access = create({
    ...{ name: 'access', contract: 'ProvenantAccess' },
    ...{ abi: provenantAccessAbi, bytecode: provenantAccessBytecode },
    args: [addressOf(genesisName)],
  })
  const token = create({
    ...{ name: 'token', contract: 'ProvenantToken' },
    ...{ abi: provenantTokenAbi, bytecode: provenantTokenBytecode },
    args: [settings.tokenHolder, settings.tokenSupply],
  })
  const datanetsCode = create({
    ...{ name: 'datanetsImplementation', contract: 'DatanetRegistry' },
    ...{ abi: datanetRegistryAbi, bytecode: datanetRegistryBytecode },
    args: [],
  })
  const initializeDatanets = encodeFunctionData({
    ...{ abi: datanetRegistryAbi, functionName: 'initialize' },
    args: [access],
  })
  const datanets = create({ ...proxy, name: 'datanets', args: [datanetsCode, initializeDatanets] })
  const modelsCode = create({
    ...{ name: 'modelsImplementation', contract: 'ModelRegistry' },
    ...{ abi: modelRegistryAbi, bytecode: modelRegistryBytecode },
    args: [],
  })
  const initializeModels = encodeFunctionData({
    ...{ abi: modelRegistryAbi, functionName: 'initialize' },
    args: [access, datanets],
  })
  const models = create({ ...proxy, name: 'models', args: [modelsCode, initializeModels] })
  const staking = create({
    ...{ name: 'staking', contract: 'AgentStaking' },
    ...{ abi: agentStakingAbi, bytecode: agentStakingBytecode },
    args: [access, token, settings.stakeThawPeriod, settings.treasury],
  })
  const rewards = create({
    ...{ name: 'rewards', contract: 'RewardsDistributor' },
    ...{ abi: rewardsDistributorAbi, bytecode: rewardsDistributorBytecode },
    args: [
      access,
      token,
      staking,
      settings.disputeWindow,
      settings.minBond,
      { platform: settings.platform, stakers: settings.stakers },
    ],
  })
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
    args: [access, rewards, staking, ledger, models, settings.disputes],
  })
  // Genesis is still the admin, to whom every function is open that has no role yet.
  plan.call(
    'ledger',
    'allow the operator',
    encodeFunctionData({
      ...{ abi: inferenceLedgerAbi, functionName: 'setOperator' },
      args: [settings.operator, true],
    }),
  )
  wireAccess(plan, settings)
  return plan.finish()
}
