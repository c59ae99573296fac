import { createHash } from 'node:crypto'
import type { NewEvent } from '../../eventlog/client/event-log.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { InferenceRecorded } from '../../schema/events/inference.ts'

/** Makes the n-th event of the commonest kind in our logs, a recorded call, about 1 KiB of JSON. */
export function recordedEvent(n: number): NewEvent {
  const hash = createHash('sha256').update(`call ${n}`).digest()
  const hex = (salt: number): Hex =>
    `0x${createHash('sha256').update(hash).update(Buffer.of(salt)).digest('hex')}`
  const address = (salt: number): Hex => hex(salt).slice(0, 42) as Hex
  const event: InferenceRecorded = {
    type: 'InferenceRecorded',
    data: {
      callId: hex(1),
      batchId: String(Math.floor(n / 100) + 1),
      index: n % 100,
      operator: address(200),
      payer: address(n % 50),
      modelId: String((n % 7) + 1),
      modelVersion: 1,
      termsVersion: 1,
      fee: String(10_000_000_000_000n + BigInt(n)),
      tokensIn: 24 + (n % 40),
      tokensOut: 8 + (n % 12),
      calledAt: 1_790_000_000 + n,
      requestHash: hex(2),
      outputHash: hex(3),
    },
    metadata: {
      chainId: 31_337,
      blockNumber: 1 + Math.floor(n / 100),
      blockHash: hex(4),
      txHash: hex(5),
      logIndex: n % 100,
      timestamp: 1_790_000_000 + Math.floor(n / 100) * 2,
    },
  }
  const id = hash.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, '$1-$2-$3-$4-$5')
  return { id, type: event.type, data: event.data, metadata: { ...event.metadata } }
}

/** Events `from` to `from + count - 1`. */
export const recordedEvents = (from: number, count: number): NewEvent[] =>
  Array.from({ length: count }, (_, i) => recordedEvent(from + i))
