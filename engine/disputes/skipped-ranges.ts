import { unpackCalls } from '../../schema/codec/packed-calls.ts'
import type { Hex } from '../../schema/events/event.ts'

/**
 * Finds the records of skipped lanes in a packed batch, in order.
 *
 * The ledger refuses neighbouring lanes with equal keys, so a lane is a run of equal keys.
 */
export function skippedRanges(
  data: Hex,
  skippedLanes: ReadonlySet<number>,
): readonly { readonly first: bigint; readonly end: bigint }[] {
  const starts: number[] = []
  let previous: string | undefined
  const records = unpackCalls(data)
  for (const [index, { payer, modelId, termsVersion }] of records.entries()) {
    const key = `${payer}:${modelId}:${termsVersion}`
    if (key !== previous) starts.push(index)
    previous = key
  }
  return starts.flatMap((first, lane) => {
    const end = starts[lane + 1] ?? records.length
    return skippedLanes.has(lane) ? [{ first: BigInt(first), end: BigInt(end) }] : []
  })
}
