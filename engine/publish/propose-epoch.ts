import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import { rewardsDistributorAbi } from '../../contracts/abi/rewards-distributor.ts'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { EpochManifest } from '../../schema/manifests/epoch.ts'
import { epochStatus } from './epoch-status.ts'
import { loadProvenEpoch } from './load-proven-epoch.ts'
import type { RewardsClient } from './rewards-client.ts'
import { sendRewardsCall } from './send-rewards-call.ts'

export interface ProposedResult {
  /** Number on-chain. */
  readonly epoch: bigint
  /** Undefined if it was proposed before. */
  readonly transaction: Hex | undefined
}

/**
 * Proposes a closed epoch on-chain unless it is proposed or active already.
 *
 * @throws ROOT_MISMATCH, SUM_MISMATCH if the manifest contradicts itself; EPOCH_IN_FLIGHT while
 * another epoch waits; TRANSACTION_FAILED.
 */
export async function proposeEpoch(
  client: RewardsClient,
  artifacts: ArtifactStore,
  manifestHash: Hex,
): Promise<ProposedResult> {
  const { manifest } = await loadProvenEpoch(artifacts, manifestHash)
  const known = await findOnChain(client, manifest)
  if (known !== undefined) return { epoch: known, transaction: undefined }
  const transaction = await sendRewardsCall(client, {
    functionName: 'propose',
    args: [
      manifest.root,
      BigInt(manifest.totalEarned),
      manifestHash,
      BigInt(manifest.fromBlock),
      BigInt(manifest.toBlock),
      manifest.toBlockHash,
      manifest.engineHash,
    ],
  })
  const epoch = await findOnChain(client, manifest)
  if (epoch !== undefined) return { epoch, transaction }
  throw new BaseError('TRANSACTION_FAILED', { facts: { function: 'propose', hash: transaction } })
}

/** Finds the standing proposal with the same root and last block; newest first. */
async function findOnChain(
  { rewards: address, publicClient }: RewardsClient,
  manifest: EpochManifest,
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
    if (held.root === manifest.root && held.toBlock === BigInt(manifest.toBlock)) return epoch
    if (held.status === epochStatus.active && held.toBlock < BigInt(manifest.fromBlock)) break
  }
  return undefined
}
