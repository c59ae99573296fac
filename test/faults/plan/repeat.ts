import type { Step } from './scenario.ts'
import type { SeededRandom } from './seeded-random.ts'

/** Steps that are drawn anew a few times. */
export const repeat = (
  random: SeededRandom,
  least: number,
  most: number,
  draw: () => readonly Step[],
): readonly Step[] => Array.from({ length: random.int(least, most) }, draw).flat()

/** Some blocks of traffic, with or without time between them. */
export const traffic = (random: SeededRandom): Step => ({
  do: 'mine',
  blocks: random.int(1, 8),
  events: random.int(1, 5),
  gap: random.pick([0, 0, 10, 40]),
})
