import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import {
  type CallWeights,
  callLeafSize,
  creditLeafSize,
  rewardLeafSize,
  weightsHash,
} from '../../schema/codec/epoch-leaves.ts'
import {
  packCallLeaves,
  packCreditLeaves,
  packRewardLeaves,
  unpackCallLeaves,
  unpackCreditLeaves,
  unpackRewardLeaves,
} from '../../schema/codec/pack-epoch-leaves.ts'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { EpochManifest } from '../../schema/manifests/epoch.ts'
import type { EpochProposal } from '../../schema/manifests/epoch-proposal.ts'
import { callWeights } from '../epoch/call-weights.ts'
import type { EpochLeaves } from '../epoch/commit-epoch.ts'
import { epochManifest } from '../epoch/manifest-schemas.ts'
import { readJsonArtifact } from '../epoch/read-json-artifact.ts'
import type { EpochOpening } from './epoch-opening.ts'
import { type OpenTree, openTree } from './open-tree.ts'

/** An epoch over the same blocks that we computed ourselves. */
export interface KnownEpoch {
  readonly leaves: EpochLeaves
  readonly calls: EpochManifest['calls']
}

/** How leaves of one tree are read and packed. */
interface LeafCodec<Leaf> {
  readonly size: number
  readonly unpack: (bytes: Uint8Array) => readonly Leaf[]
  readonly bytesOf: (leaves: readonly Leaf[]) => Uint8Array
}

const codecs = {
  rewards: {
    size: rewardLeafSize,
    unpack: unpackRewardLeaves,
    bytesOf: (leaves: EpochLeaves['rewards']) => packRewardLeaves(leaves).bytes,
  },
  credits: {
    size: creditLeafSize,
    unpack: unpackCreditLeaves,
    bytesOf: (leaves: EpochLeaves['credits']) => packCreditLeaves(leaves).bytes,
  },
  calls: {
    size: callLeafSize,
    unpack: unpackCallLeaves,
    bytesOf: (leaves: EpochLeaves['calls']) => packCallLeaves(leaves).bytes,
  },
} as const

/**
 * Opens the roots of a proposal with what its poster published and with what we computed ourselves:
 * a root that is the same as ours is opened by our leaves, whatever was published.
 *
 * @param sources.previous proposal of the previous epoch, undefined if there is none.
 */
export async function openEpoch(
  proposal: EpochProposal,
  sources: {
    readonly artifacts: ArtifactStore
    readonly previous: EpochProposal | undefined
    readonly known?: KnownEpoch | undefined
  },
): Promise<EpochOpening> {
  const { artifacts, previous, known } = sources
  const published = await unlessWithheld(() =>
    readJsonArtifact(artifacts, proposal.dataHash, epochManifest),
  )
  const before =
    previous &&
    (await unlessWithheld(() => readJsonArtifact(artifacts, previous.dataHash, epochManifest)))
  const open = <Leaf>(
    codec: LeafCodec<Leaf>,
    declared: { readonly root: Hex; readonly leafCount: number },
    file: Hex | undefined,
    ours?: readonly Leaf[],
  ) => openWith(codec, declared, [ours && codec.bytesOf(ours), file], artifacts)
  const { rewards, credits, calls } = codecs
  return {
    rewards: await open(
      rewards,
      { root: proposal.root, leafCount: proposal.accounts },
      published?.trees.rewards.hash,
      known?.leaves.rewards,
    ),
    credits: await open(
      credits,
      { root: proposal.creditsRoot, leafCount: proposal.credits },
      published?.trees.credits.hash,
      known?.leaves.credits,
    ),
    calls: await open(
      calls,
      { root: proposal.callsRoot, leafCount: proposal.calls },
      published?.trees.calls.hash,
      known?.leaves.calls,
    ),
    previous:
      previous &&
      (await open(
        rewards,
        { root: previous.root, leafCount: previous.accounts },
        before?.trees.rewards.hash,
      )),
    weights: weightsByHash([...(known?.calls ?? []), ...(published?.calls ?? [])]),
  }
}

/** Tries bytes that we have, then the published file. */
async function openWith<Leaf>(
  { size, unpack }: LeafCodec<Leaf>,
  declared: { readonly root: Hex; readonly leafCount: number },
  candidates: readonly (Uint8Array | Hex | undefined)[],
  artifacts: ArtifactStore,
): Promise<OpenTree<Leaf> | undefined> {
  for (const candidate of candidates) {
    if (candidate === undefined) continue
    const opened = await unlessWithheld(async () => {
      const bytes = typeof candidate === 'string' ? await artifacts.get(candidate) : candidate
      return openTree(declared, unpack(bytes), { bytes, size })
    })
    if (opened !== undefined) return opened
  }
  return undefined
}

/** Bytes that are missing, damaged or of another form open nothing. */
async function unlessWithheld<Value>(read: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof BaseError) return undefined
    throw error
  }
}

function weightsByHash(calls: EpochManifest['calls']): ReadonlyMap<string, CallWeights> {
  const byHash = new Map<string, CallWeights>()
  for (const { weights } of calls) {
    const read = callWeights(weights)
    const fits = [...read.influence, ...read.retrieval].every(({ weight }) => weight < 1n << 128n)
    if (fits) byHash.set(weightsHash(read), read)
  }
  return byHash
}
