import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Hex } from '../schema/events/event.ts'
import type { AcceptedCall } from './lane.ts'
import { laneKey } from './lane.ts'
import { defaultBatchLimits, planBatch } from './plan-batch.ts'

const zero: Hex = `0x${'0'.repeat(64)}`
const payer = (i: number): Hex => `0x${i.toString(16).padStart(40, '0')}`

function lane(i: number, count: number) {
  const id = { payer: payer(i), modelId: 1, termsVersion: 1 }
  const pending = Array.from(
    { length: count },
    (_, n): AcceptedCall => ({
      call: {
        ...id,
        modelVersion: 1,
        fee: 1n,
        tokensIn: 1,
        tokensOut: 1,
        calledAt: 0,
        requestHash: zero,
        outputHash: zero,
      },
      citations: [],
      voucher: {
        ...id,
        operator: payer(0),
        calls: BigInt(n + 1),
        cumulativeMaxFee: 1n,
        callsChain: zero,
      },
      signer: payer(i),
      signature: `0x${'1'.repeat(130)}`,
    }),
  )
  return { id, pending }
}

const lanes = fc
  .uniqueArray(fc.tuple(fc.nat(10_000), fc.integer({ min: 0, max: 2000 })), {
    selector: ([i]) => i,
    maxLength: 300,
  })
  .map((list) => list.map(([i, count]) => lane(i, Math.floor(count / 20))))

test('a batch keeps its limits, takes calls in order and never stops with work left', () => {
  fc.assert(
    fc.property(lanes, (waiting) => {
      const planned = planBatch(waiting)
      const calls = planned.reduce((sum, { calls }) => sum + calls.length, 0)
      expect(calls).toBeLessThanOrEqual(defaultBatchLimits.calls)
      expect(planned.length).toBeLessThanOrEqual(defaultBatchLimits.lanes)
      expect(calls * 116 + planned.length * 512).toBeLessThan(128 * 1024)
      const keys = planned.map(({ id }) => laneKey(id))
      expect(keys).toEqual([...new Set(keys)].sort())
      for (const { id, calls } of planned) {
        expect(calls.length).toBeGreaterThan(0)
        const source = waiting.find((one) => one.id === id)
        expect(calls).toEqual(source?.pending.slice(0, calls.length))
      }
      const isWaiting = waiting.some(({ pending }) => pending.length > 0)
      expect(planned.length > 0).toBe(isWaiting)
    }),
    { numRuns: 60 },
  )
})

test('a lane longer than a batch is split', () => {
  const waiting = lane(1, 2000)
  const [first] = planBatch([waiting])
  expect(first?.calls.length).toBe(defaultBatchLimits.calls)
})
