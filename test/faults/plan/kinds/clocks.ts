import type { Kind } from '../kinds.ts'
import { repeat, traffic } from '../repeat.ts'
import type { SeededRandom } from '../seeded-random.ts'

export const jump = (random: SeededRandom): number =>
  random.pick([-86_400, -3600, -5, 5, 3600, 86_400, 30 * 86_400])

/** Clocks that are set, of the chain and of the processes. */
export const clockKinds: readonly Kind[] = [
  {
    name: 'chain-clock',
    plan: (random) => ({
      steps: repeat(random, 1, 4, () => [
        traffic(random),
        { do: 'chain-clock', seconds: jump(random) },
        traffic(random),
      ]),
    }),
  },
  {
    name: 'process-clock',
    plan: (random) => ({
      steps: repeat(random, 1, 4, () => [
        traffic(random),
        {
          do: 'process-clock',
          who: random.pick(['indexer', 'event-log', 'projector'] as const),
          seconds: jump(random),
        },
        traffic(random),
        { do: 'pause', ms: random.int(0, 300) },
      ]),
    }),
  },
]
