import type { Kind } from '../kinds.ts'
import { repeat, traffic } from '../repeat.ts'
import type { ForkShape, Step } from '../scenario.ts'
import type { SeededRandom } from '../seeded-random.ts'

export const reorg = (
  random: SeededRandom,
  { shape, least, most }: { shape?: ForkShape; least: number; most: number },
): Step => ({
  do: 'reorg',
  shape: shape ?? random.pick(['same', 'longer', 'shorter'] as const),
  depth: random.int(least, most),
  events: random.int(0, 4),
  atOnce: random.chance(0.5),
})

const pause = (random: SeededRandom): Step => ({ do: 'pause', ms: random.int(0, 250) })

/** Forks no deeper than the blocks that are not final. */
const shallow = (shape: ForkShape): Kind => ({
  name: `reorg-${shape}`,
  plan: (random) => {
    const finality = random.int(2, 12)
    return {
      setup: { finality, settled: true },
      steps: repeat(random, 1, 3, () => [
        traffic(random),
        pause(random),
        reorg(random, { shape, least: 1, most: finality }),
        pause(random),
      ]),
    }
  },
})

/** Forks of the chain, in every shape and depth. */
export const reorgKinds: readonly Kind[] = [
  shallow('same'),
  shallow('longer'),
  shallow('shorter'),
  {
    name: 'reorg-deep',
    plan: (random) => {
      const finality = random.int(0, 6)
      return {
        setup: {
          ...{ finality, settled: random.chance(0.8) },
          history: { blocks: random.int(60, 240), spread: random.int(1, 5), events: 2 },
        },
        steps: repeat(random, 1, 2, () => [
          traffic(random),
          pause(random),
          reorg(random, { least: finality + 1, most: random.pick([12, 50, 200]) }),
          pause(random),
        ]),
      }
    },
  },
  {
    name: 'reorg-twice',
    plan: (random) => ({
      setup: { settled: true },
      steps: repeat(random, 1, 2, () => [
        traffic(random),
        pause(random),
        reorg(random, { least: 1, most: 15 }),
        ...(random.chance(0.5) ? [pause(random)] : []),
        reorg(random, { least: 1, most: 15 }),
        pause(random),
      ]),
    }),
  },
  {
    name: 'reorg-in-catch-up',
    plan: (random) => ({
      setup: {
        settled: false,
        history: { blocks: random.int(100, 400), spread: random.int(1, 4), events: 3 },
      },
      steps: [
        { do: 'first-append' },
        { do: 'pause', ms: random.int(0, 60) },
        ...repeat(random, 1, 4, () => [
          reorg(random, { least: 1, most: random.pick([5, 40, 200]) }),
          { do: 'pause', ms: random.int(0, 300) },
        ]),
      ],
    }),
  },
  {
    name: 'reorg-while-down',
    plan: (random) => ({
      setup: { settled: true },
      steps: repeat(random, 1, 2, () => [
        traffic(random),
        { do: 'kill', who: 'indexer', after: random.int(0, 200), down: 0 },
        reorg(random, { least: 1, most: random.pick([6, 40]) }),
        traffic(random),
        pause(random),
      ]),
    }),
  },
]
