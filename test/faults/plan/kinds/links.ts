import type { Kind } from '../kinds.ts'
import { repeat, traffic } from '../repeat.ts'
import type { Link, Step } from '../scenario.ts'
import type { SeededRandom } from '../seeded-random.ts'

const logLinks = ['indexer-log', 'projector-log'] as const
const databaseLinks = ['log-database', 'tables-database'] as const

export const breakLink = (random: SeededRandom, links: readonly Link[]): Step =>
  random.chance(0.6)
    ? { do: 'cut', link: random.pick(links), down: random.pick([0, 0, 200, 600]) }
    : { do: 'hold', link: random.pick(links), ms: random.int(100, 2500) }

const breaking = (name: string, links: readonly Link[]): Kind => ({
  name,
  plan: (random) => ({
    setup: { settled: random.chance(0.5) },
    steps: repeat(random, 2, 5, () => [
      traffic(random),
      { do: 'pause', ms: random.int(0, 30) },
      breakLink(random, links),
      traffic(random),
    ]),
  }),
})

/** Connections that break or go silent, after which an outcome is unknown. */
export const linkKinds: readonly Kind[] = [
  breaking('links-to-log', logLinks),
  breaking('links-to-database', databaseLinks),
  breaking('links-to-node', ['node']),
]
