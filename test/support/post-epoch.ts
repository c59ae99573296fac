import { rewardsDistributorAbi } from '../../contracts/abi/rewards-distributor.ts'
import { engineHash } from '../../engine/attribution/attribution-method.ts'
import { balancesOf } from '../../engine/epoch/balances-of.ts'
import { commitEpoch, type EpochLeaves } from '../../engine/epoch/commit-epoch.ts'
import { proposalOf } from '../../engine/epoch/proposal-of.ts'
import { putJsonArtifact } from '../../engine/epoch/put-json-artifact.ts'
import { sendProposal } from '../../engine/publish/send-proposal.ts'
import {
  buildOrderedMerkleTree,
  type PackedLeaves,
} from '../../schema/codec/ordered-merkle-tree.ts'
import {
  packCallLeaves,
  packCreditLeaves,
  packRewardLeaves,
} from '../../schema/codec/pack-epoch-leaves.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { AttributedCall, EpochManifest } from '../../schema/manifests/epoch.ts'
import type { EpochProposal } from '../../schema/manifests/epoch-proposal.ts'
import type { FaultWorld } from './fault-world.ts'

/** Everything that a poster may get wrong. */
export interface EpochDraft {
  readonly leaves: EpochLeaves
  readonly calls: readonly AttributedCall[]
  /** Overrides what follows from the leaves. */
  readonly proposal?: Partial<EpochProposal>
}

/** Where an epoch lies and what it continues. */
export interface EpochPlace {
  readonly previous: { readonly leaves: EpochLeaves; readonly manifestHash: Hex } | undefined
  readonly fromBlock: bigint
  readonly toBlock: bigint
  readonly toBlockHash: Hex
}

/** The epoch that an honest poster would draft over these calls. */
export function honestDraft(place: EpochPlace, calls: readonly AttributedCall[]): EpochDraft {
  const balances = balancesOf(place.previous?.leaves.rewards ?? [])
  return { leaves: commitEpoch(balances, calls).leaves, calls }
}

/** Publishes leaves and manifest of a draft and proposes it. */
export async function postEpoch(world: FaultWorld, place: EpochPlace, draft: EpochDraft) {
  const { artifacts, deployed } = world
  const { addresses, chainId } = deployed.deployment
  const { platform, stakers } = await deployed.publicClient.readContract({
    address: addresses.rewards,
    abi: rewardsDistributorAbi,
    functionName: 'payees',
  })
  const treeOf = async (packed: PackedLeaves) => {
    const { root, leafCount } = buildOrderedMerkleTree(packed)
    return { root, leaves: leafCount, hash: await artifacts.put(packed.bytes) }
  }
  const last = draft.leaves.rewards.at(-1)!
  const manifest: EpochManifest = {
    ...{ kind: 'epoch', version: 2, chainId, epoch: '1', engineHash, token: addresses.token },
    fromBlock: String(place.fromBlock),
    toBlock: String(place.toBlock),
    toBlockHash: place.toBlockHash,
    payees: {
      platform: platform.toLowerCase() as Hex,
      stakers: stakers.toLowerCase() as Hex,
    },
    previous: place.previous?.manifestHash ?? null,
    stores: [],
    calls: draft.calls,
    totalEarned: String(last.before + last.cumulative),
    trees: {
      rewards: await treeOf(packRewardLeaves(draft.leaves.rewards)),
      credits: await treeOf(packCreditLeaves(draft.leaves.credits)),
      calls: await treeOf(packCallLeaves(draft.leaves.calls)),
    },
  }
  const manifestHash = await putJsonArtifact(artifacts, manifest)
  const proposal = { ...proposalOf(manifest, manifestHash), ...draft.proposal }
  const client = {
    rewards: addresses.rewards,
    publicClient: deployed.publicClient,
    walletClient: deployed.wallet('epochPoster'),
  }
  const { epoch } = await sendProposal(client, proposal)
  return { epoch, proposal, manifestHash }
}
