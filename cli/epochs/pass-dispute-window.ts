import { rewardsDistributorAbi } from '../../contracts/abi/rewards-distributor.ts'
import type { Deployment } from '../../schema/deployment.ts'
import { BaseError } from '../../schema/errors.ts'
import type { ChainConnection } from '../chain/connect-chain.ts'
import type { DevChain } from '../chain/dev-chain.ts'

/**
 * Moves the clock of a development chain to where an epoch may be activated.
 *
 * @returns seconds that were skipped
 * @throws `CONFIG_INVALID` on a chain whose time nobody can move.
 */
export async function passDisputeWindow(
  chain: ChainConnection,
  deployment: Deployment,
  dev: DevChain | undefined,
  epoch: bigint,
): Promise<number> {
  if (dev === undefined)
    throw new BaseError('CONFIG_INVALID', {
      facts: { variable: '--advance-time', problem: 'only a development chain can do that' },
    })
  const [{ activatesAt }, { timestamp }] = await Promise.all([
    chain.publicClient.readContract({
      address: deployment.addresses.rewards,
      abi: rewardsDistributorAbi,
      functionName: 'epochOf',
      args: [epoch],
    }),
    chain.publicClient.getBlock(),
  ])
  const seconds = Number(activatesAt - timestamp)
  if (seconds <= 0) return 0
  await dev.increaseTime(seconds)
  await dev.mine(1)
  return seconds
}
