import { bytesToHex } from 'viem'
import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import { callId } from '../../schema/codec/leaves.ts'
import { buildOrderedMerkleTree } from '../../schema/codec/ordered-merkle-tree.ts'
import { type PackedCall, packedCallSize, unpackCalls } from '../../schema/codec/packed-calls.ts'
import { isErrorWithCode } from '../../schema/errors.ts'
import type { ChainFact } from '../../schema/events/chain-event.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { InferenceRecorded } from '../../schema/events/inference.ts'

type FactOf<Type extends ChainFact['type']> = Extract<ChainFact, { readonly type: Type }>
type Root = FactOf<'BatchRootCommitted'>['data']

/**
 * Puts the calls of settled batches, whose bodies lie outside the chain, behind their settlements.
 *
 * The batches of one settlement count as a whole or not at all: only if every body is there, holds
 * the committed root, and all fees together are what was charged. Else an operator could withhold a
 * body until an honest poster had left its calls out.
 */
export async function openCommittedBatches(
  facts: readonly ChainFact[],
  artifacts: Pick<ArtifactStore, 'get'>,
): Promise<readonly ChainFact[]> {
  const roots = new Map<string, Root>()
  const charged = new Map<string, bigint>()
  const settled = new Map<string, FactOf<'BatchSettled'>[]>()
  let ledger: Hex | undefined
  for (const fact of facts) {
    const { txHash } = fact.metadata
    if (fact.type === 'EscrowCreated') ledger = fact.data.ledger
    if (fact.type === 'BatchRootCommitted') roots.set(fact.data.batchId, fact.data)
    if (fact.type === 'EscrowCharged')
      charged.set(txHash, (charged.get(txHash) ?? 0n) + BigInt(fact.data.amount))
    if (fact.type === 'BatchSettled') settled.set(txHash, [...(settled.get(txHash) ?? []), fact])
  }
  if (ledger === undefined || settled.size === 0) return facts
  const opened = new Map<FactOf<'BatchSettled'>, readonly PackedCall[]>()
  for (const [txHash, batches] of settled) {
    const bodies = await Promise.all(
      batches.map(({ data }) => readBody(artifacts, roots.get(data.batchId))),
    )
    const fees = bodies.flatMap((calls) => calls ?? []).reduce((sum, { fee }) => sum + fee, 0n)
    if (bodies.includes(undefined) || fees !== charged.get(txHash)) continue
    batches.forEach((batch, i) => {
      opened.set(batch, bodies[i]!)
    })
  }
  return facts.flatMap((fact) => {
    const calls = fact.type === 'BatchSettled' ? opened.get(fact) : undefined
    if (calls === undefined) return [fact]
    const { batchId } = (fact as FactOf<'BatchSettled'>).data
    const root = roots.get(batchId)!
    return [fact, ...calls.map((call, i) => recorded(fact, ledger, root, call, i))]
  })
}

/** Codec 1 is the only one whose records are calls. */
async function readBody(
  artifacts: Pick<ArtifactStore, 'get'>,
  root: Root | undefined,
): Promise<readonly PackedCall[] | undefined> {
  if (root?.codec !== 1) return undefined
  try {
    const bytes = await artifacts.get(root.dataHash)
    if (bytes.length !== root.calls * packedCallSize) return undefined
    const tree = buildOrderedMerkleTree({ bytes, size: packedCallSize })
    return tree.root === root.root ? unpackCalls(bytesToHex(bytes)) : undefined
  } catch (error) {
    if (isErrorWithCode(error, 'ARTIFACT_MISSING') || isErrorWithCode(error, 'ARTIFACT_CORRUPT'))
      return undefined
    throw error
  }
}

const recorded = (
  { metadata }: ChainFact,
  ledger: Hex,
  { batchId, operator }: Root,
  call: PackedCall,
  index: number,
): InferenceRecorded => ({
  type: 'InferenceRecorded',
  metadata,
  data: {
    callId: callId(metadata.chainId, ledger, BigInt(batchId), index),
    ...{ batchId, index, operator, payer: call.payer },
    modelId: String(call.modelId),
    ...{ modelVersion: call.modelVersion, termsVersion: call.termsVersion },
    fee: String(call.fee),
    ...{ tokensIn: call.tokensIn, tokensOut: call.tokensOut, calledAt: call.calledAt },
    ...{ requestHash: call.requestHash, outputHash: call.outputHash },
  },
})
