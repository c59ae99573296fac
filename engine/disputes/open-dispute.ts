import { parseEventLogs } from 'viem'
import { epochDisputesAbi } from '../../contracts/abi/epoch-disputes.ts'
import { rewardsDistributorAbi } from '../../contracts/abi/rewards-distributor.ts'
import type { Hex } from '../../schema/events/event.ts'
import { type AccusedEpoch, contextOf } from './accused-epoch.ts'
import type { DisputesClient } from './disputes-client.ts'
import { sendDisputesCall } from './send-disputes-call.ts'

export interface OpenedDispute {
  readonly disputeId: bigint
  readonly transaction: Hex
  /** Lost if the dispute is dismissed, base units. */
  readonly bond: bigint
}

/**
 * Disputes an epoch whose fault cannot be proven on-chain, such as one whose leaves are withheld or
 * whose weights are wrong; takes the bond from the account and holds the epoch.
 *
 * @param evidenceHash sha256 of the artifact that the attesters should look at.
 * @throws EPOCH_NOT_PROPOSED; TRANSACTION_FAILED, also without the tokens for the bond.
 */
export async function openDispute(
  client: DisputesClient,
  accused: AccusedEpoch,
  evidenceHash: Hex,
): Promise<OpenedDispute> {
  const { publicClient, disputes, rewards } = client
  const { challengerBond: bond } = await publicClient.readContract({
    address: disputes,
    abi: epochDisputesAbi,
    functionName: 'settings',
  })
  const token = await publicClient.readContract({
    address: rewards,
    abi: rewardsDistributorAbi,
    functionName: 'token',
  })
  await sendDisputesCall(client, {
    address: token,
    functionName: 'approve',
    args: [disputes, bond],
  })
  const receipt = await sendDisputesCall(client, {
    address: disputes,
    functionName: 'open',
    args: [accused.epoch, contextOf(accused), evidenceHash],
  })
  const [opened] = parseEventLogs({
    abi: epochDisputesAbi,
    eventName: 'DisputeOpened',
    logs: receipt.logs,
  })
  return {
    disputeId: opened?.args.disputeId ?? 0n,
    transaction: receipt.transactionHash,
    bond,
  }
}
