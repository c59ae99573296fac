import { encodeFunctionData, sliceHex } from 'viem'
import { epochFaultsAbi } from '../../contracts/abi/epoch-faults.ts'
import { solidityWeights } from '../../schema/codec/epoch-leaves.ts'
import { buildOrderedMerkleTree } from '../../schema/codec/ordered-merkle-tree.ts'
import { packedCallSize } from '../../schema/codec/packed-calls.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { EpochDraft } from '../../test/support/post-epoch.ts'
import { callWeights } from '../epoch/call-weights.ts'
import { recordHash, recordOf } from '../epoch/record-hash.ts'
import type { ChainState } from '../state/chain-state.ts'
import type { accuseEpoch } from './accuse-epoch.ts'
import { contextOf } from './accused-epoch.ts'
import { batchModes } from './batch-evidence.ts'
import { keyOf } from './change-draft.fixture.ts'
import { leafProof, proofsAround } from './leaf-proofs.ts'

/** Everything that could be said about an epoch with leaves that are really in its trees. */
export async function genuineEvidence(
  accusation: Awaited<ReturnType<typeof accuseEpoch>>,
  draft: EpochDraft,
  state: ChainState,
): Promise<readonly Hex[]> {
  const { accused, opening } = accusation
  const [epoch, context, abi] = [accused.epoch, contextOf(accused), epochFaultsAbi]
  const [rewards, credits] = [opening.rewards!, opening.credits!]
  const [calls, previous] = [opening.calls!, opening.previous!]
  const pairs = (count: number) => Array.from({ length: count - 1 }, (_, i) => i)
  const encoded: Hex[] = []
  for (const i of pairs(rewards.leaves.length)) {
    const [left, right] = [leafProof(rewards, i), leafProof(rewards, i + 1)]
    encoded.push(
      encodeFunctionData({
        abi,
        functionName: 'misorderedAccounts',
        args: [epoch, context, left, right],
      }),
      encodeFunctionData({
        abi,
        functionName: 'sumMismatch',
        args: [epoch, context, [left, right]],
      }),
    )
  }
  for (const [i, leaf] of rewards.leaves.entries()) {
    const earlier = previous.leaves.findIndex((old) => old.account === leaf.account)
    const below = (other: { account: Hex }) => other.account < leaf.account
    const upTo = (other: { account: Hex }) => other.account <= leaf.account
    const evidence = {
      current: leafProof(rewards, i),
      previous: earlier < 0 ? proofsAround(previous, below) : [leafProof(previous, earlier)],
      start: proofsAround(credits, below),
      end: proofsAround(credits, upTo),
    }
    encoded.push(
      encodeFunctionData({ abi, functionName: 'wrongDelta', args: [epoch, context, evidence] }),
      encodeFunctionData({
        abi,
        functionName: 'sumMismatch',
        args: [epoch, context, [leafProof(rewards, i)]],
      }),
    )
  }
  for (const [i, leaf] of previous.leaves.entries()) {
    const now = rewards.leaves.findIndex((held) => held.account === leaf.account)
    const [old, current] = [leafProof(previous, i), leafProof(rewards, now)]
    encoded.push(
      encodeFunctionData({
        abi,
        functionName: 'decreasedCumulative',
        args: [epoch, context, old, current],
      }),
      encodeFunctionData({
        abi,
        functionName: 'omittedAccount',
        args: [epoch, context, old, proofsAround(rewards, (r) => r.account < leaf.account)],
      }),
    )
  }
  for (const [i, leaf] of credits.leaves.entries()) {
    const call = calls.leaves.findIndex((held) => held.callKey === leaf.callKey)
    const recorded = state.calls.find((held) => keyOf(held) === leaf.callKey)!
    const weights = draft.calls.find((held) => keyOf(held) === leaf.callKey)!.weights
    const batch = await accusation.readBatch(leaf.callKey >> 32n)
    if (batch === undefined || batch === 'unexplained') throw new TypeError('a batch is missing')
    if (recordHash(recorded) !== calls.leaves[call]!.recordHash)
      throw new TypeError('another record')
    const evidence = {
      account: leaf.account,
      call: leafProof(calls, call),
      anchor: batch.anchor,
      record: recordOf(recorded),
      weights: solidityWeights(callWeights(weights)),
      credit: [leafProof(credits, i)],
    }
    encoded.push(
      encodeFunctionData({ abi, functionName: 'wrongSplit', args: [epoch, context, evidence] }),
      encodeFunctionData({
        abi,
        functionName: 'creditWithoutCall',
        args: [
          epoch,
          context,
          leafProof(credits, i),
          proofsAround(calls, (held) => held.callKey < leaf.callKey),
        ],
      }),
    )
  }
  for (const i of pairs(credits.leaves.length)) {
    const [left, right] = [leafProof(credits, i), leafProof(credits, i + 1)]
    encoded.push(
      encodeFunctionData({
        abi,
        functionName: 'misorderedCredits',
        args: [epoch, context, left, right],
      }),
      encodeFunctionData({
        abi,
        functionName: 'creditSumMismatch',
        args: [epoch, context, [left, right]],
      }),
    )
  }
  for (const [i, leaf] of calls.leaves.entries()) {
    const batch = await accusation.readBatch(leaf.callKey >> 32n)
    if (batch === undefined || batch === 'unexplained') throw new TypeError('a batch is missing')
    const index = Number(leaf.callKey & 0xffff_ffffn)
    const bytes = Buffer.from(batch.records!.slice(2), 'hex')
    const tree = buildOrderedMerkleTree({ bytes, size: packedCallSize })
    const settled = batch.anchor.mode === batchModes.settled
    const record = sliceHex(batch.records!, index * packedCallSize, (index + 1) * packedCallSize)
    const evidence = {
      call: leafProof(calls, i),
      anchor: batch.anchor,
      skipped: [],
      data: settled ? record : batch.records!,
      recordProof: settled ? tree.proof(index) : [],
    }
    encoded.push(
      encodeFunctionData({ abi, functionName: 'falseCall', args: [epoch, context, evidence] }),
    )
    const around = proofsAround(calls, (held) => held.callKey < leaf.callKey)
    const omitted = {
      callKey: leaf.callKey,
      anchor: batch.anchor,
      skipped: batch.skipped,
      sibling: [leafProof(calls, i)],
      neighbours: around,
    }
    encoded.push(
      encodeFunctionData({ abi, functionName: 'omittedCall', args: [epoch, context, omitted] }),
    )
  }
  encoded.push(encodeFunctionData({ abi, functionName: 'wrongBlockHash', args: [epoch, context] }))
  return encoded
}
