import { rewardsDistributorAbi } from '../../contracts/abi/rewards-distributor.ts'
import type { Hex } from '../../schema/events/event.ts'
import { epochStatus } from './epoch-status.ts'
import type { RewardsClient } from './rewards-client.ts'
import { sendRewardsCall } from './send-rewards-call.ts'

/**
 * Activates a proposed epoch unless it is active already.
 *
 * @returns the transaction, undefined if it was active.
 * @throws EPOCH_WINDOW_OPEN, EPOCH_NOT_PROPOSED (also for a rejected one), TRANSACTION_FAILED.
 */
export async function activateEpoch(
  client: RewardsClient,
  epoch: bigint,
): Promise<Hex | undefined> {
  const held = await client.publicClient.readContract({
    address: client.rewards,
    abi: rewardsDistributorAbi,
    functionName: 'epochOf',
    args: [epoch],
  })
  if (held.status === epochStatus.active) return undefined
  return sendRewardsCall(client, { functionName: 'activate', args: [epoch] })
}
