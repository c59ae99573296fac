import { encodeFunctionData, toFunctionSelector } from 'viem'
import type { Deployment } from '../schema/deployment.ts'
import type { Hex } from '../schema/events/event.ts'
import { provenantAccessAbi } from './abi/provenant-access.ts'
import { restrictedFunctions } from './restricted-functions.ts'
import { roleIds } from './role-ids.ts'
import type { Roles } from './verify-deployment.ts'

/**
 * Encodes the one call to the AccessManager that hands every role over.
 *
 * It is one transaction, so there is no moment in which some roles are given and others not; in its
 * last step the deployer gives the admin role up, unless it is the admin.
 */
export function wireAccess(
  options: Roles & { readonly deployer: Hex; readonly addresses: Deployment['addresses'] },
): Hex {
  const { admin, deployer, addresses } = options
  const calls = [
    ...restrictedFunctions.map(({ contract, signature, role }) =>
      encodeFunctionData({
        abi: provenantAccessAbi,
        functionName: 'setTargetFunctionRole',
        args: [addresses[contract], [toFunctionSelector(signature)], roleIds[role]],
      }),
    ),
    ...(['operator', 'epochPoster', 'guardian'] as const).map((role) =>
      grant(roleIds[role], options[role]),
    ),
  ]
  if (admin.toLowerCase() !== deployer.toLowerCase()) {
    calls.push(grant(roleIds.admin, admin))
    calls.push(
      encodeFunctionData({
        abi: provenantAccessAbi,
        functionName: 'renounceRole',
        args: [roleIds.admin, deployer],
      }),
    )
  }
  return encodeFunctionData({ abi: provenantAccessAbi, functionName: 'multicall', args: [calls] })
}

function grant(role: bigint, account: Hex): Hex {
  return encodeFunctionData({
    abi: provenantAccessAbi,
    functionName: 'grantRole',
    args: [role, account, 0],
  })
}
