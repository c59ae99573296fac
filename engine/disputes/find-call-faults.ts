import { encodeFunctionData } from 'viem'
import { epochFaultsAbi } from '../../contracts/abi/epoch-faults.ts'
import { type CallLeaf, callKey } from '../../schema/codec/epoch-leaves.ts'
import { recordHash } from '../epoch/record-hash.ts'
import type { Accusation } from './accusation.ts'
import { contextOf } from './accused-epoch.ts'
import { batchModes } from './batch-evidence.ts'
import { falseCallEvidence } from './false-call-evidence.ts'
import { isInEpoch } from './is-in-epoch.ts'
import { leafProof, proofsAround } from './leaf-proofs.ts'
import type { OpenTree } from './open-tree.ts'
import type { ProvableFault } from './provable-fault.ts'

/**
 * Finds calls of the epoch that are not those of the ledger (kind 7) and calls of the ledger that the
 * epoch lacks (kind 8), the first of each; the tree of calls must be in order.
 */
export async function findCallFaults(accusation: Accusation): Promise<readonly ProvableFault[]> {
  const { calls } = accusation.opening
  if (calls === undefined) return []
  const faults = [await findFalseCall(accusation, calls), await findOmittedCall(accusation, calls)]
  return faults.filter((fault) => fault !== undefined)
}

async function findFalseCall(
  accusation: Accusation,
  calls: OpenTree<CallLeaf>,
): Promise<ProvableFault | undefined> {
  const { accused, state } = accusation
  const right = new Map(
    state.calls
      .filter(({ blockNumber }) => isInEpoch(accused, BigInt(blockNumber)))
      .map((call) => [callKey(BigInt(call.batchId), call.index), recordHash(call)]),
  )
  for (const [index, leaf] of calls.leaves.entries()) {
    if (right.get(leaf.callKey) === leaf.recordHash) continue
    const batch = await accusation.readBatch(leaf.callKey >> 32n)
    const evidence = batch === 'unexplained' ? undefined : falseCallEvidence(accused, leaf, batch)
    if (evidence === undefined) continue
    return {
      kind: 7,
      name: 'falseCall',
      about: `call ${leaf.callKey & 0xffff_ffffn} of batch ${leaf.callKey >> 32n} is not in the ledger like that`,
      call: encodeFunctionData({
        abi: epochFaultsAbi,
        functionName: 'falseCall',
        args: [accused.epoch, contextOf(accused), { call: leafProof(calls, index), ...evidence }],
      }),
    }
  }
  return undefined
}

async function findOmittedCall(
  accusation: Accusation,
  calls: OpenTree<CallLeaf>,
): Promise<ProvableFault | undefined> {
  const { accused, state } = accusation
  const held = new Set(calls.leaves.map((leaf) => leaf.callKey))
  for (const call of state.calls) {
    const key = callKey(BigInt(call.batchId), call.index)
    if (held.has(key) || !isInEpoch(accused, BigInt(call.blockNumber))) continue
    const batch = await accusation.readBatch(BigInt(call.batchId))
    if (batch === undefined || batch === 'unexplained') continue
    const sibling =
      batch.anchor.mode === batchModes.packed
        ? undefined
        : calls.leaves.findIndex((leaf) => leaf.callKey >> 32n === key >> 32n)
    // A settled batch that is left out whole may not have been available to the poster.
    if (sibling === -1) continue
    const evidence = {
      callKey: key,
      anchor: batch.anchor,
      skipped: batch.skipped,
      sibling: sibling === undefined ? [] : [leafProof(calls, sibling)],
      neighbours: proofsAround(calls, (leaf) => leaf.callKey < key),
    }
    return {
      kind: 8,
      name: 'omittedCall',
      about: `call ${call.callId} was recorded and is missing`,
      call: encodeFunctionData({
        abi: epochFaultsAbi,
        functionName: 'omittedCall',
        args: [accused.epoch, contextOf(accused), evidence],
      }),
    }
  }
  return undefined
}
