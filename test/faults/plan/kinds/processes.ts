import type { Kind } from '../kinds.ts'
import { repeat, traffic } from '../repeat.ts'
import type { Role, Step } from '../scenario.ts'
import type { SeededRandom } from '../seeded-random.ts'

/** Kills at random moments of traffic; the moment is a number of blocks and a pause. */
export const kills = (random: SeededRandom, who: Role): readonly Step[] => [
  traffic(random),
  { do: 'kill', who, after: random.int(0, 250), down: random.pick([0, 0, 200]) },
  traffic(random),
]

const killing = (who: Role): Kind => ({
  name: `kill-${who}`,
  plan: (random) => ({
    setup: {
      settled: random.chance(0.3),
      history: { blocks: random.int(30, 150), spread: 1, events: random.int(2, 6) },
    },
    steps: repeat(random, 1, 3, () => kills(random, who)),
  }),
})

/** Ends of processes that nobody asked for. */
export const processKinds: readonly Kind[] = [
  killing('indexer'),
  killing('event-log'),
  killing('projector'),
  {
    name: 'kill-postgres',
    plan: (random) => ({
      steps: repeat(random, 1, 2, () => [
        traffic(random),
        { do: 'pause', ms: random.int(0, 60) },
        {
          do: 'kill-postgres',
          what: random.pick(['server', 'backend'] as const),
          down: random.int(0, 300),
        },
        traffic(random),
        { do: 'pause', ms: random.int(0, 400) },
      ]),
    }),
  },
  {
    name: 'freeze',
    plan: (random) => ({
      steps: repeat(random, 1, 3, () => [
        traffic(random),
        {
          do: 'freeze',
          who: random.pick(['indexer', 'event-log', 'projector'] as const),
          ms: random.int(200, 2200),
        },
        traffic(random),
      ]),
    }),
  },
  {
    name: 'rivals',
    plan: (random) => ({
      steps: repeat(random, 1, 2, () => [
        {
          do: 'rival',
          who: random.pick(['indexer', 'indexer', 'projector'] as const),
          ms: random.int(500, 1500),
        },
        traffic(random),
        { do: 'pause', ms: random.int(100, 600) },
        traffic(random),
        { do: 'pause', ms: random.int(100, 600) },
      ]),
    }),
  },
]
