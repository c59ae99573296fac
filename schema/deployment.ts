import { z } from 'zod'
import { BaseError } from './errors.ts'
import type { Hex } from './events/event.ts'

/** Where the contracts of one chain are; lies in `contracts/deployments/<chainId>.json`. */
export interface Deployment {
  readonly chainId: number
  /** Block of the first transaction: nothing of ours is below it. */
  readonly blockNumber: number
  /** Lowercase, as logs carry them. */
  readonly addresses: {
    readonly token: Hex
    readonly datanets: Hex
    readonly models: Hex
    readonly escrow: Hex
    readonly ledger: Hex
    readonly rewards: Hex
    readonly access: Hex
    readonly staking: Hex
    readonly disputes: Hex
    /** Created by `disputes`. */
    readonly faults: Hex
    readonly votes: Hex
    readonly governor: Hex
    readonly timelock: Hex
    readonly proposals: Hex
  }
}

const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/)
  .transform((text) => text.toLowerCase() as Hex)

const deploymentSchema = z.strictObject({
  chainId: z.int().positive(),
  blockNumber: z.int().nonnegative(),
  addresses: z.strictObject({
    token: address,
    datanets: address,
    models: address,
    escrow: address,
    ledger: address,
    rewards: address,
    access: address,
    staking: address,
    disputes: address,
    faults: address,
    votes: address,
    governor: address,
    timelock: address,
    proposals: address,
  }),
})

/**
 * Checks a deployment that came from a file.
 *
 * @throws `DEPLOYMENT_INVALID` with the path of the first wrong field.
 */
export function parseDeployment(value: unknown): Deployment {
  const result = deploymentSchema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  throw new BaseError('DEPLOYMENT_INVALID', {
    facts: { field: issue?.path.join('.'), problem: issue?.message },
    cause: result.error,
  })
}
