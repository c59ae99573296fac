import type { Kind } from '../kinds.ts'
import { traffic } from '../repeat.ts'
import type { Step } from '../scenario.ts'
import type { SeededRandom } from '../seeded-random.ts'
import { jump } from './clocks.ts'
import { breakLink } from './links.ts'
import { drawHeadFaults, drawRpcFaults } from './node.ts'
import { reorg } from './reorgs.ts'

const roles = ['indexer', 'event-log', 'projector'] as const

/** One fault each. */
const faults: readonly ((random: SeededRandom) => Step)[] = [
  (random) => ({
    do: 'kill',
    who: random.pick(roles),
    after: random.int(0, 100),
    down: random.pick([0, 300]),
  }),
  (random) => ({ do: 'kill', who: random.pick(roles), after: random.int(0, 100), down: 0 }),
  (random) => ({ do: 'kill-postgres', what: 'server', down: random.int(0, 200) }),
  (random) => ({ do: 'freeze', who: random.pick(roles), ms: random.int(200, 1800) }),
  (random) => ({ do: 'restart-node', lost: random.int(0, 5), down: random.int(0, 200) }),
  (random) => ({ do: 'rpc', faults: drawRpcFaults(random) }),
  drawHeadFaults,
  (random) => reorg(random, { least: 1, most: 10 }),
  (random) => reorg(random, { least: 1, most: 60 }),
  (random) => ({ do: 'process-clock', who: random.pick(roles), seconds: jump(random) }),
  (random) => ({ do: 'chain-clock', seconds: jump(random) }),
  (random) =>
    breakLink(random, ['node', 'indexer-log', 'projector-log', 'log-database', 'tables-database']),
]

const several = (name: string, count: number): Kind => ({
  name,
  plan: (random) => ({
    steps: Array.from({ length: count }, () => [
      traffic(random),
      { do: 'pause', ms: random.int(0, 80) } as const,
      random.pick(faults)(random),
    ]).flat(),
  }),
})

/** Faults that meet. */
export const mixedKinds: readonly Kind[] = [
  several('two-faults', 2),
  several('three-faults', 3),
  several('many-faults', 6),
]
