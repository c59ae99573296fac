import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import { orderCalls, orderCredits, orderRewards } from '../../schema/codec/order-epoch-leaves.ts'
import {
  buildOrderedMerkleTree,
  type OrderedMerkleTree,
  type PackedLeaves,
} from '../../schema/codec/ordered-merkle-tree.ts'
import {
  packCallLeaves,
  packCreditLeaves,
  packRewardLeaves,
} from '../../schema/codec/pack-epoch-leaves.ts'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { EpochManifest, EpochTreeRef } from '../../schema/manifests/epoch.ts'
import type { EpochProposal } from '../../schema/manifests/epoch-proposal.ts'
import type { EpochLeaves } from '../epoch/commit-epoch.ts'
import { loadEpochLeaves } from '../epoch/load-epoch-leaves.ts'
import { epochManifest } from '../epoch/manifest-schemas.ts'
import { proposalOf } from '../epoch/proposal-of.ts'
import { readJsonArtifact } from '../epoch/read-json-artifact.ts'

/** An epoch whose leaves are in order, fold to its roots and add up to its total. */
export interface ProvenEpoch {
  readonly manifest: EpochManifest
  readonly proposal: EpochProposal
  readonly leaves: EpochLeaves
  /** The tree that claims are proven with. */
  readonly rewards: OrderedMerkleTree
}

/**
 * Reads an epoch's manifest and leaves and folds them again.
 *
 * @throws ROOT_MISMATCH, SUM_MISMATCH if the manifest contradicts itself; MANIFEST_INVALID,
 * ARTIFACT_MISSING, ARTIFACT_CORRUPT.
 */
export async function loadProvenEpoch(
  artifacts: ArtifactStore,
  manifestHash: Hex,
): Promise<ProvenEpoch> {
  const manifest = await readJsonArtifact(artifacts, manifestHash, epochManifest)
  const leaves = await loadEpochLeaves(artifacts, manifest)
  const total = leaves.rewards.reduce((sum, { cumulative }) => sum + cumulative, 0n)
  if (String(total) !== manifest.totalEarned) {
    throw new BaseError('SUM_MISMATCH', {
      facts: { manifestHash, totalEarned: manifest.totalEarned, leaves: total },
    })
  }
  const { trees } = manifest
  const fold = (name: keyof EpochLeaves, ref: EpochTreeRef, order: () => PackedLeaves) => {
    const tree = buildOrderedMerkleTree(inOrder(manifestHash, name, order))
    if (tree.root === ref.root && tree.leafCount === ref.leaves) return tree
    throw new BaseError('ROOT_MISMATCH', {
      facts: { manifestHash, tree: name, root: ref.root, folded: tree.root },
    })
  }
  const rewards = fold('rewards', trees.rewards, () =>
    packRewardLeaves(orderRewards(leaves.rewards)),
  )
  fold('credits', trees.credits, () => packCreditLeaves(orderCredits(leaves.credits)))
  fold('calls', trees.calls, () => packCallLeaves(orderCalls(leaves.calls)))
  return { manifest, proposal: proposalOf(manifest, manifestHash), leaves, rewards }
}

/** Leaves that cannot be put in order at all, or are none, are no tree that may be proposed. */
function inOrder(manifestHash: Hex, tree: string, order: () => PackedLeaves): PackedLeaves {
  try {
    return order()
  } catch (cause) {
    throw new BaseError('MANIFEST_INVALID', { facts: { manifestHash, tree }, cause })
  }
}
