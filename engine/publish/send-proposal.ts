import { rewardsDistributorAbi } from '../../contracts/abi/rewards-distributor.ts'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { EpochProposal } from '../../schema/manifests/epoch-proposal.ts'
import { epochStatus } from './epoch-status.ts'
import type { RewardsClient } from './rewards-client.ts'
import { sendRewardsCall } from './send-rewards-call.ts'

export interface ProposedResult {
  /** Number on-chain. */
  readonly epoch: bigint
  /** Undefined if it was proposed before. */
  readonly transaction: Hex | undefined
}

/**
 * Proposes an epoch as it is given unless the same one is proposed or active already.
 *
 * @throws EPOCH_IN_FLIGHT while another epoch waits; EPOCH_BOND_MISSING; TRANSACTION_FAILED.
 */
export async function sendProposal(
  client: RewardsClient,
  proposal: EpochProposal,
): Promise<ProposedResult> {
  const known = await findOnChain(client, proposal)
  if (known !== undefined) return { epoch: known, transaction: undefined }
  const transaction = await sendRewardsCall(client, { functionName: 'propose', args: [proposal] })
  const epoch = await findOnChain(client, proposal)
  if (epoch !== undefined) return { epoch, transaction }
  throw new BaseError('TRANSACTION_FAILED', { facts: { function: 'propose', hash: transaction } })
}

/** Finds the standing proposal with the same root and last block; newest first. */
async function findOnChain(
  { rewards: address, publicClient }: RewardsClient,
  proposal: EpochProposal,
): Promise<bigint | undefined> {
  const contract = { address, abi: rewardsDistributorAbi } as const
  const count = await publicClient.readContract({ ...contract, functionName: 'epochCount' })
  for (let epoch = count; epoch > 0n; epoch--) {
    const held = await publicClient.readContract({
      ...contract,
      functionName: 'epochOf',
      args: [epoch],
    })
    if (held.status === epochStatus.rejected) continue
    if (held.root === proposal.root && held.toBlock === proposal.toBlock) return epoch
    if (held.status === epochStatus.active && held.toBlock < proposal.fromBlock) break
  }
  return undefined
}
