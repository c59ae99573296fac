import { encodeFunctionData, toFunctionSelector } from 'viem'
import type { Hex } from '../schema/events/event.ts'
import { provenantAccessAbi } from './abi/provenant-access.ts'
import { assignRoles, type RoleAssignment } from './assign-roles.ts'
import { genesisName, type PlanBuilder } from './deploy/create-plan-builder.ts'
import type { ResolvedSettings } from './deploy/resolve-settings.ts'
import { restrictedFunctions } from './restricted-functions.ts'
import { roleIds } from './role-ids.ts'

/**
 * Adds the one call to the AccessManager that hands every role over.
 *
 * It is one step, so there is no moment in which some roles are given and others not; its last part
 * takes the admin role from Genesis.
 */
export function wireAccess(plan: PlanBuilder, settings: ResolvedSettings): void {
  const calls = [
    ...restrictedFunctions.map(({ contract, signature, role }) =>
      encodeFunctionData({
        abi: provenantAccessAbi,
        functionName: 'setTargetFunctionRole',
        args: [plan.addressOf(contract), [toFunctionSelector(signature)], roleIds[role]],
      }),
    ),
    ...assignRoles(settings, { disputes: plan.addressOf('disputes') }).map(grant),
    encodeFunctionData({
      abi: provenantAccessAbi,
      functionName: 'renounceRole',
      args: [roleIds.admin, plan.addressOf(genesisName)],
    }),
  ]
  plan.call(
    'access',
    'hand the roles over',
    encodeFunctionData({ abi: provenantAccessAbi, functionName: 'multicall', args: [calls] }),
  )
}

function grant({ role, account, delay }: RoleAssignment): Hex {
  return encodeFunctionData({
    abi: provenantAccessAbi,
    functionName: 'grantRole',
    args: [roleIds[role], account, delay],
  })
}
