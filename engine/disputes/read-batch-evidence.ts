import { encodeAbiParameters, keccak256, type PublicClient, size } from 'viem'
import { inferenceLedgerAbi } from '../../contracts/abi/inference-ledger.ts'
import { buildOrderedMerkleTree } from '../../schema/codec/ordered-merkle-tree.ts'
import { packedCallSize } from '../../schema/codec/packed-calls.ts'
import type { Hex } from '../../schema/events/event.ts'
import { recordOf } from '../epoch/record-hash.ts'
import type { ChainState } from '../state/chain-state.ts'
import { type BatchAnchor, type BatchEvidence, batchModes } from './batch-evidence.ts'
import { skippedRanges } from './skipped-ranges.ts'

const zeroHash: Hex = `0x${'00'.repeat(32)}`

/** Where batches are read from. */
export interface BatchSource {
  readonly publicClient: PublicClient
  readonly ledger: Hex
  /** First block that may hold a batch. */
  readonly since: bigint
}

/**
 * Reads from a node what the ledger holds of a batch, as fault proofs need it.
 *
 * @param state opens settled batches, whose records are not on the chain.
 * @returns undefined if the ledger has no such batch, `unexplained` if the logs that the node gives do
 * not hash to its anchor.
 */
export async function readBatchEvidence(
  source: BatchSource,
  state: Pick<ChainState, 'calls'>,
  batchId: bigint,
): Promise<BatchEvidence | 'unexplained' | undefined> {
  const { publicClient, ledger: address } = source
  const held = await publicClient.readContract({
    address,
    abi: inferenceLedgerAbi,
    functionName: 'anchorOf',
    args: [batchId],
  })
  if (held === zeroHash) return undefined
  const evidence =
    (await packedEvidence(source, batchId)) ?? (await committedEvidence(source, state, batchId))
  return evidence !== undefined && anchorHash(evidence.anchor) === held ? evidence : 'unexplained'
}

async function packedEvidence(
  source: BatchSource,
  batchId: bigint,
): Promise<BatchEvidence | undefined> {
  const [packed] = await eventsOf(source, 'BatchPacked', batchId)
  if (packed === undefined) return undefined
  const { operator, data } = packed.args
  const lanes = await eventsOf(source, 'LaneSkipped', batchId)
  const skipped = skippedRanges(data, new Set(lanes.map(({ args }) => args.lane)))
  return {
    anchor: {
      mode: batchModes.packed,
      operator,
      ...(await placeOf(source, packed.blockNumber)),
      calls: size(data) / packedCallSize,
      digest: keccak256(data),
      skipped: skipped.reduce(
        (hash, { first, end }) =>
          keccak256(
            encodeAbiParameters(
              [{ type: 'bytes32' }, { type: 'uint256' }, { type: 'uint256' }],
              [hash, first, end],
            ),
          ),
        zeroHash,
      ),
    },
    skipped,
    records: data,
  }
}

async function committedEvidence(
  source: BatchSource,
  state: Pick<ChainState, 'calls'>,
  batchId: bigint,
): Promise<BatchEvidence | undefined> {
  const [committed] = await eventsOf(source, 'BatchCommitted', batchId)
  if (committed === undefined) return undefined
  const [settled] = await eventsOf(source, 'BatchSettled', batchId)
  const { operator, calls, root } = committed.args
  return {
    anchor: {
      mode: settled === undefined ? batchModes.committed : batchModes.settled,
      operator,
      ...(await placeOf(source, (settled ?? committed).blockNumber)),
      calls,
      digest: root,
      skipped: zeroHash,
    },
    skipped: [],
    records: recordsBehind(state, batchId, root),
  }
}

/** Records of a settled batch, if the calls that we know are those behind its root. */
function recordsBehind(
  { calls }: Pick<ChainState, 'calls'>,
  batchId: bigint,
  root: Hex,
): Hex | undefined {
  const known = calls
    .filter((call) => BigInt(call.batchId) === batchId)
    .sort((a, b) => a.index - b.index)
  if (known.length === 0) return undefined
  const records: Hex = `0x${known.map((call) => recordOf(call).slice(2)).join('')}`
  const bytes = Buffer.from(records.slice(2), 'hex')
  const tree = buildOrderedMerkleTree({ bytes, size: packedCallSize })
  return tree.root === root ? records : undefined
}

async function placeOf({ publicClient }: BatchSource, blockNumber: bigint) {
  const { timestamp } = await publicClient.getBlock({ blockNumber })
  return { blockNumber, recordedAt: timestamp }
}

function eventsOf<Name extends 'BatchPacked' | 'BatchCommitted' | 'BatchSettled' | 'LaneSkipped'>(
  { publicClient, ledger, since }: BatchSource,
  eventName: Name,
  batchId: bigint,
) {
  return publicClient.getContractEvents({
    address: ledger,
    abi: inferenceLedgerAbi,
    eventName,
    args: { batchId } as never,
    fromBlock: since,
    strict: true,
  })
}

const anchorTypes = [
  { type: 'uint8' },
  { type: 'address' },
  { type: 'uint64' },
  { type: 'uint64' },
  { type: 'uint32' },
  { type: 'bytes32' },
  { type: 'bytes32' },
] as const

const anchorHash = (anchor: BatchAnchor): Hex =>
  keccak256(
    encodeAbiParameters(anchorTypes, [
      anchor.mode,
      anchor.operator,
      anchor.blockNumber,
      anchor.recordedAt,
      anchor.calls,
      anchor.digest,
      anchor.skipped,
    ]),
  )
