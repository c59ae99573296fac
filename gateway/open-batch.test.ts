import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Hex } from '../schema/events/event.ts'
import type { AcceptedCall } from './lane.ts'
import { laneKey } from './lane.ts'
import { joinLanes, type OpenBatch, takeWithin } from './open-batch.ts'

const hash: Hex = `0x${'1'.repeat(64)}`
const payer = (i: number): Hex => `0x${i.toString(16).padStart(40, '0')}`

/** Batches whose calls are numbered over each lane, as commits number them. */
function batchesOf(plan: readonly (readonly number[])[]): readonly OpenBatch[] {
  const next = new Map<number, bigint>()
  return plan.map((payers, b) => ({
    ...{
      batchId: BigInt(b + 1),
      blockNumber: 1n,
      recordedAt: 1n,
      calls: payers.length,
      root: hash,
    },
    lanes: [...new Set(payers)].map((i) => {
      const id = { payer: payer(i), modelId: 1, termsVersion: 1 }
      const calls = next.get(i) ?? 1n
      next.set(i, calls + 1n)
      const limits = { operator: payer(0), cumulativeMaxFee: 1n, callsChain: hash }
      const numbers = { modelVersion: 1, fee: 1n, tokensIn: 1, tokensOut: 1, calledAt: 0 }
      const call: AcceptedCall = {
        call: { ...id, ...numbers, requestHash: hash, outputHash: hash },
        citations: [],
        voucher: { ...id, ...limits, calls },
        signer: id.payer,
        signature: '0x12',
      }
      return { id, calls: [call] }
    }),
  }))
}

const plans = fc.array(fc.array(fc.nat(8), { minLength: 1, maxLength: 6 }), { maxLength: 8 })

test('joined lanes hold every call once, each lane in the order of its calls', () => {
  fc.assert(
    fc.property(plans, (plan) => {
      const batches = batchesOf(plan)
      const joined = joinLanes(batches)
      expect(new Set(joined.map(({ id }) => laneKey(id))).size).toBe(joined.length)
      for (const { calls } of joined)
        expect(calls.map(({ voucher }) => voucher.calls)).toEqual(
          calls.map((_, i) => BigInt(i + 1)),
        )
      const count = batches.reduce((sum, { lanes }) => sum + lanes.length, 0)
      expect(joined.reduce((sum, { calls }) => sum + calls.length, 0)).toBe(count)
    }),
  )
})

test('a settlement takes the first batches, as many as its lanes allow and at least one', () => {
  fc.assert(
    fc.property(plans, fc.integer({ min: 1, max: 9 }), (plan, maxLanes) => {
      const batches = batchesOf(plan)
      const taken = takeWithin(batches, maxLanes)
      expect(taken).toEqual(batches.slice(0, taken.length))
      expect(taken.length > 0).toBe(batches.length > 0)
      if (taken.length > 1) expect(joinLanes(taken).length).toBeLessThanOrEqual(maxLanes)
      if (taken.length < batches.length)
        expect(joinLanes(batches.slice(0, taken.length + 1)).length).toBeGreaterThan(maxLanes)
    }),
  )
})
