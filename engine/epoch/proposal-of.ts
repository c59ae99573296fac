import type { Hex } from '../../schema/events/event.ts'
import type { EpochManifest } from '../../schema/manifests/epoch.ts'
import type { EpochProposal } from '../../schema/manifests/epoch-proposal.ts'

/** Says what an epoch with this manifest has to be proposed as. */
export const proposalOf = (manifest: EpochManifest, manifestHash: Hex): EpochProposal => ({
  root: manifest.trees.rewards.root,
  totalEarned: BigInt(manifest.totalEarned),
  accounts: manifest.trees.rewards.leaves,
  creditsRoot: manifest.trees.credits.root,
  credits: manifest.trees.credits.leaves,
  callsRoot: manifest.trees.calls.root,
  calls: manifest.trees.calls.leaves,
  dataHash: manifestHash,
  engineHash: manifest.engineHash,
  fromBlock: BigInt(manifest.fromBlock),
  toBlock: BigInt(manifest.toBlock),
  toBlockHash: manifest.toBlockHash,
})
