import { type Abi, type PublicClient, toFunctionSelector } from 'viem'
import type { Deployment } from '../schema/deployment.ts'
import type { Hex } from '../schema/events/event.ts'
import { provenantAccessAbi } from './abi/provenant-access.ts'
import { assignRoles } from './assign-roles.ts'
import { contractWires } from './contract-wires.ts'
import type { ResolvedSettings } from './deploy/resolve-settings.ts'
import { restrictedFunctions } from './restricted-functions.ts'
import { type RoleName, roleIds } from './role-ids.ts'
import { verifyTimelock } from './verify-timelock.ts'

export interface VerifyOptions {
  readonly publicClient: PublicClient
  readonly settings: ResolvedSettings
  readonly addresses: Deployment['addresses']
  /** Hold nothing: Genesis and whoever paid. */
  readonly outsiders: readonly Hex[]
}

/**
 * Reads back from the chain that every role is with its accounts and with no other account named in
 * the settings, that every restricted function takes its role alone, and that the contracts know each
 * other.
 *
 * @returns One sentence for each check that failed.
 */
export async function verifyDeployment(options: VerifyOptions): Promise<readonly string[]> {
  const checks = [
    verifyRoles(options),
    verifyRestrictions(options),
    verifyWires(options),
    verifyTimelock(options),
  ]
  return (await Promise.all(checks)).flat()
}

async function verifyRoles(options: VerifyOptions): Promise<readonly string[]> {
  const { publicClient, settings, addresses } = options
  const expected = new Set(
    assignRoles(settings, addresses).map(({ role, account }) => `${role} ${account.toLowerCase()}`),
  )
  const checks = accountsOf(options).flatMap((account) =>
    Object.entries(roleIds).map(async ([role, id]) => {
      const [isMember] = await publicClient.readContract({
        address: addresses.access,
        abi: provenantAccessAbi,
        functionName: 'hasRole',
        args: [id, account],
      })
      const shouldBe = expected.has(`${role} ${account}`)
      if (isMember === shouldBe) return []
      return [`${account} ${shouldBe ? 'lacks' : 'holds'} role ${role}`]
    }),
  )
  return (await Promise.all(checks)).flat()
}

async function verifyRestrictions({ publicClient, addresses }: VerifyOptions) {
  const checks = restrictedFunctions.map(async ({ contract, signature, role }) => {
    const actual = await publicClient.readContract({
      address: addresses.access,
      abi: provenantAccessAbi,
      functionName: 'getTargetFunctionRole',
      args: [addresses[contract], toFunctionSelector(signature)],
    })
    if (actual === roleIds[role]) return []
    return [`${contract}.${signature.name} takes role ${nameOf(actual)} instead of ${role}`]
  })
  return (await Promise.all(checks)).flat()
}

async function verifyWires({ publicClient, addresses }: VerifyOptions) {
  const checks = contractWires.map(async ({ contract, abi, getter, target }) => {
    const actual = (await publicClient.readContract({
      address: addresses[contract],
      abi: abi as Abi,
      functionName: getter,
    })) as Hex
    if (actual.toLowerCase() === addresses[target]) return []
    return [`${contract}.${getter} is ${actual} instead of ${target}`]
  })
  return (await Promise.all(checks)).flat()
}

function accountsOf({ settings, addresses, outsiders }: VerifyOptions): readonly Hex[] {
  const { operator, platform, stakers, treasury, tokenHolder, disputes } = settings
  const named = [operator, platform, stakers, treasury, tokenHolder, ...disputes.attesters]
  const holders = assignRoles(settings, addresses).map(({ account }) => account)
  const accounts = [...outsiders, ...named, ...holders, ...Object.values(addresses)]
  return [...new Set(accounts.map((account) => account.toLowerCase() as Hex))]
}

function nameOf(id: bigint): string {
  const entries = Object.entries(roleIds) as [RoleName, bigint][]
  return entries.find(([, value]) => value === id)?.[0] ?? id.toString()
}
