import { createSeededRandom, shuffled } from './seeded-random.ts'

/** Marks an unused place of a batch in the data order. */
export const emptySlot = 0xffffffff

/**
 * Plans the rows of every step: a fresh seeded order per epoch, cut into batches of equal bucket so
 * that no step pads short rows to the longest, batches shuffled.
 *
 * @param bucketOfRow length bucket of each row
 * @returns row indices, `batch` per step, {@link emptySlot} where a batch is not full
 */
export function planBatches(
  bucketOfRow: readonly number[],
  batch: number,
  epochs: number,
  seed: number,
): Uint32Array<ArrayBuffer> {
  const random = createSeededRandom(seed, 2)
  const rows = bucketOfRow.map((_, row) => row)
  const buckets = [...new Set(bucketOfRow)].sort((a, b) => a - b)
  const steps: number[][] = []
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = shuffled(rows, random)
    const batches = buckets.flatMap((bucket) => {
      const members = order.filter((row) => bucketOfRow[row] === bucket)
      const count = Math.ceil(members.length / batch)
      return Array.from({ length: count }, (_, i) => members.slice(i * batch, (i + 1) * batch))
    })
    steps.push(...shuffled(batches, random))
  }
  const plan = new Uint32Array(steps.length * batch).fill(emptySlot)
  for (const [step, members] of steps.entries()) plan.set(members, step * batch)
  return plan
}
