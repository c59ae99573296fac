import type { PublicClient } from 'viem'
import { BaseError } from '../../schema/errors.ts'
import { genesisAbi } from '../abi/genesis.ts'
import type { LocatedPlan } from './locate-plan.ts'

/** How far a plan is on one chain. */
export interface PlanProgress {
  /** Block in which Genesis was created; undefined when it is not there. */
  readonly createdAt: number | undefined
  /** Steps done, from the first on. */
  readonly done: number
}

/** Asks the chain which steps of a plan are done. */
export async function readProgress(
  publicClient: PublicClient,
  { genesis, hashes }: LocatedPlan,
): Promise<PlanProgress> {
  const code = await publicClient.getCode({ address: genesis })
  if (code === undefined) return { createdAt: undefined, done: 0 }
  const contract = { address: genesis, abi: genesisAbi } as const
  const [remaining, createdAt] = await Promise.all([
    publicClient.readContract({ ...contract, functionName: 'remaining' }),
    publicClient.readContract({ ...contract, functionName: 'createdAt' }),
  ])
  const done = hashes.indexOf(remaining)
  if (done === -1)
    throw new BaseError('DEPLOYMENT_UNSOUND', {
      facts: { check: `${genesis} is not at a step of the plan`, remaining },
    })
  return { createdAt: Number(createdAt), done }
}
