import { keccak256, sliceHex } from 'viem'
import type { CallLeaf } from '../../schema/codec/epoch-leaves.ts'
import { buildOrderedMerkleTree } from '../../schema/codec/ordered-merkle-tree.ts'
import { packedCallSize } from '../../schema/codec/packed-calls.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { AccusedEpoch } from './accused-epoch.ts'
import { type BatchAnchor, type BatchEvidence, batchModes, emptyAnchor } from './batch-evidence.ts'
import { isInEpoch } from './is-in-epoch.ts'

/** What of a batch shows that a call leaf is false; fields that the case does not need are empty. */
export interface FalseCallEvidence {
  readonly anchor: BatchAnchor
  readonly skipped: BatchEvidence['skipped']
  readonly data: Hex
  readonly recordProof: readonly Hex[]
}

/**
 * Chooses the evidence against a call leaf.
 *
 * @param batch undefined if the ledger has no such batch.
 * @returns undefined if the leaf is what the ledger holds, or the body that would show it is not known.
 */
export function falseCallEvidence(
  accused: AccusedEpoch,
  leaf: CallLeaf,
  batch: BatchEvidence | undefined,
): FalseCallEvidence | undefined {
  const nothing = { skipped: [], data: '0x', recordProof: [] } as const
  if (batch === undefined) return { anchor: emptyAnchor, ...nothing }
  const { anchor, records } = batch
  const index = Number(leaf.callKey & 0xffff_ffffn)
  const counts =
    anchor.mode !== batchModes.committed &&
    index < anchor.calls &&
    isInEpoch(accused, anchor.blockNumber)
  if (!counts) return { anchor, ...nothing }
  if (batch.skipped.some(({ first, end }) => first <= index && index < end)) {
    return { anchor, ...nothing, skipped: batch.skipped }
  }
  if (records === undefined) return undefined
  const record = sliceHex(records, index * packedCallSize, (index + 1) * packedCallSize)
  if (keccak256(record) === leaf.recordHash) return undefined
  if (anchor.mode === batchModes.packed) return { anchor, ...nothing, data: records }
  const bytes = Buffer.from(records.slice(2), 'hex')
  const tree = buildOrderedMerkleTree({ bytes, size: packedCallSize })
  return { anchor, ...nothing, data: record, recordProof: tree.proof(index) }
}
