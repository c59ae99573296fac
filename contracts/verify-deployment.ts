import { type PublicClient, toFunctionSelector } from 'viem'
import type { Deployment } from '../schema/deployment.ts'
import { BaseError } from '../schema/errors.ts'
import type { Hex } from '../schema/events/event.ts'
import { inferenceEscrowAbi } from './abi/inference-escrow.ts'
import { inferenceLedgerAbi } from './abi/inference-ledger.ts'
import { provenantAccessAbi } from './abi/provenant-access.ts'
import { restrictedFunctions } from './restricted-functions.ts'
import { roleIds } from './role-ids.ts'

/** Which account holds which role; the last three are three accounts. */
export interface Roles {
  /** Grants and revokes roles; in production a timelock. */
  readonly admin: Hex
  readonly operator: Hex
  readonly epochPoster: Hex
  readonly guardian: Hex
}

interface VerifyOptions extends Roles {
  readonly publicClient: PublicClient
  readonly deployer: Hex
  readonly addresses: Deployment['addresses']
}

/**
 * Reads back from the chain that every role is with its account and nowhere else, and that escrow
 * and ledger know each other.
 *
 * @throws `DEPLOYMENT_UNSOUND` naming the first check that failed.
 */
export async function verifyDeployment(options: VerifyOptions): Promise<void> {
  await verifyRoles(options)
  await verifyRestrictions(options)
  await verifyWiring(options)
}

async function verifyRoles({ publicClient, addresses, deployer, ...roles }: VerifyOptions) {
  const accounts = new Set([deployer, ...accountsOf(roles)])
  for (const role of ['admin', 'operator', 'epochPoster', 'guardian'] as const) {
    for (const account of accounts) {
      const [isMember] = await publicClient.readContract({
        address: addresses.access,
        abi: provenantAccessAbi,
        functionName: 'hasRole',
        args: [roleIds[role], account],
      })
      const shouldBe = isSame(account, roles[role])
      if (isMember !== shouldBe) fail(`${account} ${shouldBe ? 'lacks' : 'holds'} role ${role}`)
    }
  }
}

async function verifyRestrictions({ publicClient, addresses, deployer, ...roles }: VerifyOptions) {
  const accounts = new Set([deployer, ...accountsOf(roles)])
  for (const { contract, signature, role } of restrictedFunctions) {
    for (const account of accounts) {
      const [immediate, delay] = await publicClient.readContract({
        address: addresses.access,
        abi: provenantAccessAbi,
        functionName: 'canCall',
        args: [account, addresses[contract], toFunctionSelector(signature)],
      })
      const shouldBe = isSame(account, roles[role])
      if ((immediate || delay > 0) !== shouldBe)
        fail(`${account} ${shouldBe ? 'cannot' : 'can'} call ${contract}.${signature.name}`)
    }
  }
}

async function verifyWiring({ publicClient, addresses }: VerifyOptions) {
  const escrow = { address: addresses.escrow, abi: inferenceEscrowAbi } as const
  const ledger = { address: addresses.ledger, abi: inferenceLedgerAbi } as const
  const wires = [
    [
      'ledger.escrow',
      await publicClient.readContract({ ...ledger, functionName: 'escrow' }),
      'escrow',
    ],
    [
      'escrow.ledger',
      await publicClient.readContract({ ...escrow, functionName: 'ledger' }),
      'ledger',
    ],
    [
      'escrow.rewards',
      await publicClient.readContract({ ...escrow, functionName: 'rewards' }),
      'rewards',
    ],
    [
      'escrow.token',
      await publicClient.readContract({ ...escrow, functionName: 'token' }),
      'token',
    ],
  ] as const
  for (const [wire, actual, expected] of wires)
    if (!isSame(actual, addresses[expected])) fail(`${wire} is ${actual}`)
}

function accountsOf({ admin, operator, epochPoster, guardian }: Roles): readonly Hex[] {
  return [admin, operator, epochPoster, guardian]
}

function isSame(a: Hex, b: Hex): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

function fail(check: string): never {
  throw new BaseError('DEPLOYMENT_UNSOUND', { facts: { check } })
}
