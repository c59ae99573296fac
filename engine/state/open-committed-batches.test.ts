import fc from 'fast-check'
import { bytesToHex, hexToBytes } from 'viem'
import { expect, test } from 'vitest'
import { callId } from '../../schema/codec/leaves.ts'
import { buildOrderedMerkleTree } from '../../schema/codec/ordered-merkle-tree.ts'
import { type PackedCall, packCalls, packedCallSize } from '../../schema/codec/packed-calls.ts'
import { sha256 } from '../../schema/codec/sha256.ts'
import { BaseError } from '../../schema/errors.ts'
import type { ChainFact } from '../../schema/events/chain-event.ts'
import type { Hex } from '../../schema/events/event.ts'
import { foldChainFacts } from './fold-chain-facts.ts'
import { openCommittedBatches } from './open-committed-batches.ts'

const address = (n: number): Hex => `0x${n.toString(16).padStart(40, '0')}`
const hash = (text: string): Hex => sha256(text)
const ledger = address(7)
const operator = address(8)

const at = (block: number, tx: string, logIndex = 0) => ({
  chainId: 5,
  blockNumber: block,
  blockHash: hash(`block ${block}`),
  txHash: hash(tx),
  logIndex,
  timestamp: 1000 + block,
})

const call = (n: number, fee: bigint): PackedCall => ({
  ...{ payer: address(n), modelId: 1, modelVersion: 2, termsVersion: 3, fee },
  ...{ tokensIn: 4, tokensOut: 5, calledAt: 6 },
  ...{ requestHash: hash(`request ${n}`), outputHash: hash(`output ${n}`) },
})

/** Batches committed one by one and settled together. */
function settlement(batches: readonly (readonly PackedCall[])[]) {
  const bodies = batches.map((calls) => hexToBytes(packCalls(calls)))
  const store = new Map(bodies.map((bytes) => [sha256(bytes), bytes]))
  const fee = batches.flat().reduce((sum, each) => sum + each.fee, 0n)
  const created = { token: ledger, rewards: ledger, ledger, thawPeriod: '1' }
  const facts = [
    { type: 'EscrowCreated', data: created, metadata: at(1, 'deploy') },
    ...bodies.map((bytes, i) => ({
      type: 'BatchRootCommitted',
      data: {
        ...{ batchId: String(i + 1), operator, codec: 1, calls: batches[i]!.length },
        root: buildOrderedMerkleTree({ bytes, size: packedCallSize }).root,
        ...{ dataHash: sha256(bytes), daCommitment: '0x00' },
      },
      metadata: at(2 + i, `commit ${i}`),
    })),
    {
      type: 'EscrowCharged',
      data: {
        ...{ batchId: '1', payer: operator, operator, amount: String(fee) },
        ...{ chargedCumulative: '0', calls: '1' },
      },
      metadata: at(50, 'settle'),
    },
    ...bodies.map((_, i) => ({
      type: 'BatchSettled',
      data: { batchId: String(i + 1) },
      metadata: at(50, 'settle', 1 + i),
    })),
  ] as unknown as ChainFact[]
  const artifacts = {
    get: async (key: Hex) => {
      const bytes = store.get(key)
      if (bytes === undefined) throw new BaseError('ARTIFACT_MISSING', { facts: { hash: key } })
      return bytes as Uint8Array<ArrayBuffer>
    },
  }
  return { facts, artifacts, store, bodies }
}

const batches = fc.array(
  fc.array(fc.bigInt({ min: 0n, max: 1n << 90n }), { minLength: 1, maxLength: 4 }),
  { minLength: 1, maxLength: 4 },
)
const callsOf = (fees: readonly (readonly bigint[])[]) =>
  fees.map((each, b) => each.map((fee, i) => call(b * 10 + i, fee)))

test('every call of a complete settlement is recorded where it was settled', async () => {
  await fc.assert(
    fc.asyncProperty(batches, async (fees) => {
      const made = callsOf(fees)
      const { facts, artifacts } = settlement(made)
      const { calls } = foldChainFacts(await openCommittedBatches(facts, artifacts))
      expect(calls).toEqual(
        made.flatMap((each, b) =>
          each.map((c, index) => ({
            callId: callId(5, ledger, BigInt(b + 1), index),
            ...{ batchId: String(b + 1), index, operator, payer: c.payer },
            ...{ modelId: '1', modelVersion: 2, termsVersion: 3, fee: String(c.fee) },
            ...{ tokensIn: 4, tokensOut: 5, calledAt: 6 },
            ...{ requestHash: c.requestHash, outputHash: c.outputHash },
            ...{ blockNumber: 50, recordedAt: 1050, batchDataHash: undefined, acceptedBefore: 0 },
          })),
        ),
      )
    }),
  )
})

test('a missing or damaged body, a false root or another sum leaves the whole settlement out', async () => {
  await fc.assert(
    fc.asyncProperty(batches, fc.nat(), fc.nat(3), async (fees, pick, way) => {
      const { facts, artifacts, store, bodies } = settlement(callsOf(fees))
      const victim = pick % bodies.length
      const body = bodies[victim]!
      if (way === 0) store.delete(sha256(body))
      if (way === 1) store.set(sha256(body), body.slice(0, -1))
      const changed = facts.map((fact) => {
        if (way === 2 && fact.type === 'BatchRootCommitted')
          return { ...fact, data: { ...fact.data, root: hash('false') } }
        if (way === 3 && fact.type === 'EscrowCharged')
          return { ...fact, data: { ...fact.data, amount: `${BigInt(fact.data.amount) + 1n}` } }
        return fact
      }) as ChainFact[]
      expect(foldChainFacts(await openCommittedBatches(changed, artifacts)).calls).toEqual([])
    }),
  )
})

test('a batch that is committed and not settled counts for nothing', async () => {
  const { facts, artifacts } = settlement([[call(1, 5n)]])
  const open = facts.filter(({ type }) => type !== 'BatchSettled')
  expect(await openCommittedBatches(open, artifacts)).toEqual(open)
  expect(
    bytesToHex(
      await artifacts.get(
        facts.flatMap((f) => (f.type === 'BatchRootCommitted' ? [f.data.dataHash] : []))[0]!,
      ),
    ),
  ).toBe(packCalls([call(1, 5n)]))
})
