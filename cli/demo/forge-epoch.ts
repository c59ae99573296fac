import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import { proposalOf } from '../../engine/epoch/proposal-of.ts'
import { putJsonArtifact } from '../../engine/epoch/put-json-artifact.ts'
import type { ProvenEpoch } from '../../engine/publish/load-proven-epoch.ts'
import { orderRewards } from '../../schema/codec/order-epoch-leaves.ts'
import { buildOrderedMerkleTree } from '../../schema/codec/ordered-merkle-tree.ts'
import { packRewardLeaves } from '../../schema/codec/pack-epoch-leaves.ts'
import { sha256 } from '../../schema/codec/sha256.ts'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { EpochProposal } from '../../schema/manifests/epoch-proposal.ts'

/**
 * Makes what a dishonest poster would propose: half of what the best paid account has earned goes to
 * an account of the poster; every sum and the order stay right.
 *
 * It is published like a real one, so that nothing but the arithmetic gives it away.
 */
export async function forgeEpoch(
  artifacts: ArtifactStore,
  { manifest, leaves }: ProvenEpoch,
  thief: Hex,
): Promise<EpochProposal> {
  const best = [...leaves.rewards].sort((a, b) => (a.cumulative < b.cumulative ? 1 : -1))[0]
  if (best === undefined) throw new BaseError('EPOCH_EMPTY', { facts: {} })
  const stolen = best.cumulative / 2n
  const balances = leaves.rewards.map(({ account, cumulative }) => ({
    account,
    cumulative: account === best.account ? cumulative - stolen : cumulative,
  }))
  const packed = packRewardLeaves(
    orderRewards([...balances, { account: thief, cumulative: stolen }]),
  )
  const tree = buildOrderedMerkleTree(packed)
  const rewards = {
    root: tree.root,
    leaves: tree.leafCount,
    hash: await artifacts.put(packed.bytes),
  }
  if (rewards.hash !== sha256(packed.bytes)) throw new BaseError('INTERNAL')
  const forged = { ...manifest, trees: { ...manifest.trees, rewards } }
  return proposalOf(forged, await putJsonArtifact(artifacts, forged))
}
