import { encodeFunctionData } from 'viem'
import { inferenceLedgerAbi } from '../abi/inference-ledger.ts'
import { provenantAccessAbi, provenantAccessBytecode } from '../abi/provenant-access.ts'
import { provenantTokenAbi, provenantTokenBytecode } from '../abi/provenant-token.ts'
import { wireAccess } from '../wire-access.ts'
import { createPlanBuilder, genesisName } from './create-plan-builder.ts'
import type { DeploySettings } from './deploy-settings.ts'
import type { Plan } from './plan.ts'
import { planGovernance } from './plan-governance.ts'
import { planMoney } from './plan-money.ts'
import { planRegistries } from './plan-registries.ts'
import { resolveSettings } from './resolve-settings.ts'

/** Plans the creation of all contracts and the hand-over of all roles. */
export function buildPlan(given: DeploySettings): Plan {
  const plan = createPlanBuilder()
  const settings = resolveSettings(given, plan.addressOf('timelock'))
  plan.create({
    ...{ name: 'access', contract: 'ProvenantAccess' },
    ...{ abi: provenantAccessAbi, bytecode: provenantAccessBytecode },
    args: [plan.addressOf(genesisName)],
  })
  plan.create({
    ...{ name: 'token', contract: 'ProvenantToken' },
    ...{ abi: provenantTokenAbi, bytecode: provenantTokenBytecode },
    args: [settings.tokenHolder, settings.tokenSupply],
  })
  planRegistries(plan)
  planMoney(plan, settings)
  planGovernance(plan, settings)
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
