import { rewardsDistributorAbi } from '../../contracts/abi/rewards-distributor.ts'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { AccusedEpoch } from './accused-epoch.ts'
import type { DisputesSource } from './disputes-client.ts'

/**
 * Reads from the log what an epoch was proposed with.
 *
 * @throws EPOCH_UNKNOWN if the contract has no such epoch.
 */
export async function readAccusedEpoch(
  { publicClient, rewards, since }: DisputesSource,
  epoch: bigint,
): Promise<AccusedEpoch> {
  const events = await publicClient.getContractEvents({
    address: rewards,
    abi: rewardsDistributorAbi,
    eventName: 'EpochProposed',
    args: { epoch },
    fromBlock: since,
    strict: true,
  })
  const found = events.at(-1)?.args
  if (found === undefined) throw new BaseError('EPOCH_UNKNOWN', { facts: { epoch } })
  const { proposal, poster, previousEpoch } = found
  return { epoch, proposal, poster: poster.toLowerCase() as Hex, previousEpoch }
}
