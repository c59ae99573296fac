import { z } from 'zod'
import { BaseError } from './errors.ts'
import type { Decimal, Hex } from './events/event.ts'

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
  /** Contracts that came beside those above later on, in the order of their blocks. */
  readonly added?: readonly AddedContract[] | undefined
}

/** A further contract of a kind that may have several; its facts count from a block on. */
export interface AddedContract {
  readonly contract: 'access' | 'datanets' | 'governor' | 'models' | 'timelock'
  readonly address: Hex
  readonly fromBlock: number
  /**
   * Lowest ids that are this contract's; those below are its predecessors'. A registry needs them:
   * two registries count from 1, and contributions of both would be taken for one another.
   */
  readonly firstIds?: Readonly<Partial<Record<NumberedId, Decimal>>> | undefined
}

/** Ids that registries give. */
export type NumberedId = 'datanetId' | 'contributionId' | 'modelId' | 'runId'

const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/)
  .transform((text) => text.toLowerCase() as Hex)

const id = z.string().regex(/^[1-9][0-9]{0,77}$/)
const place = { address, fromBlock: z.int().nonnegative() }

/** Contracts with balances or stakes are not among them: their sums begin at zero again. */
const addedSchema = z.discriminatedUnion('contract', [
  z.strictObject({ contract: z.enum(['access', 'governor', 'timelock']), ...place }),
  z.strictObject({
    contract: z.literal('datanets'),
    ...place,
    firstIds: z.strictObject({ datanetId: id, contributionId: id }),
  }),
  z.strictObject({
    contract: z.literal('models'),
    ...place,
    firstIds: z.strictObject({ modelId: id, runId: id }),
  }),
])

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
  added: z.array(addedSchema).optional(),
})

/**
 * Checks a deployment that came from a file.
 *
 * @throws `DEPLOYMENT_INVALID` with the path of the first wrong field.
 */
export function parseDeployment(value: unknown): Deployment {
  const result = deploymentSchema.safeParse(value)
  if (result.success) {
    requireDistinct(result.data)
    return result.data
  }
  const issue = result.error.issues[0]
  throw new BaseError('DEPLOYMENT_INVALID', {
    facts: { field: issue?.path.join('.'), problem: issue?.message },
    cause: result.error,
  })
}

function requireDistinct({ addresses, added = [] }: Deployment): void {
  const seen = new Set<string>(Object.values(addresses))
  for (const [i, { address: again }] of added.entries()) {
    if (seen.has(again))
      throw new BaseError('DEPLOYMENT_INVALID', {
        facts: { field: `added.${i}.address`, problem: 'the address is there twice' },
      })
    seen.add(again)
  }
}
