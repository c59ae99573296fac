import type { AccountWeight } from '../../schema/codec/epoch-leaves.ts'

/**
 * Keeps the heaviest accounts, ties to the lower account; accounts still ascend.
 *
 * A split among more accounts than a transaction can hold could not be proven wrong.
 */
export function capWeights(
  weights: readonly AccountWeight[],
  max: number,
): readonly AccountWeight[] {
  if (weights.length <= max) return weights
  const heaviest = weights
    .map((entry, position) => ({ entry, position }))
    .sort((a, b) =>
      a.entry.weight === b.entry.weight
        ? a.position - b.position
        : a.entry.weight > b.entry.weight
          ? -1
          : 1,
    )
    .slice(0, max)
  return heaviest.sort((a, b) => a.position - b.position).map(({ entry }) => entry)
}
