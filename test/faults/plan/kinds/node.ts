import type { RpcFaults } from '../../../support/faulty-rpc.ts'
import type { Kind } from '../kinds.ts'
import { repeat, traffic } from '../repeat.ts'
import type { Step } from '../scenario.ts'
import type { SeededRandom } from '../seeded-random.ts'

const share = (random: SeededRandom) => random.int(5, 25) / 100

/** Ways in which a provider fails. */
const ways: readonly ((random: SeededRandom) => RpcFaults)[] = [
  (random) => ({ tooManyRequests: share(random) }),
  (random) => ({ serverError: share(random) }),
  (random) => ({ hang: share(random) / 3, hangMs: random.int(100, 900) }),
  () => ({ down: true }),
  (random) => ({ truncated: share(random) }),
  (random) => ({ dropped: share(random) }),
  (random) => ({ rangeLimit: random.int(1, 20), serverError: share(random) / 2 }),
  (random) => ({ callsPerSecond: random.int(60, 200) }),
  (random) => ({ shuffledBatch: share(random) * 2, shuffledLogs: share(random) * 2 }),
  (random) => ({
    ...{ tooManyRequests: 0.08, serverError: 0.08, truncated: 0.08, dropped: 0.08 },
    ...{ hang: 0.02, hangMs: 600, latencyMs: random.int(0, 10) },
  }),
]

/** A provider that fails in one way or in several; the `n`-th way, or any. */
export const drawRpcFaults = (random: SeededRandom, n?: number): RpcFaults =>
  (n === undefined ? random.pick(ways) : (ways[n % ways.length] ?? random.pick(ways)))(random)

export const drawHeadFaults = (random: SeededRandom): Step => ({
  do: 'heads',
  faults: {
    twice: random.int(0, 40) / 100,
    late: random.int(0, 40) / 100,
    lost: random.int(0, 20) / 100,
    truncated: random.pick([0, 0, 0.02]),
  },
})

/** What happens to a node and to what it says. */
export const nodeKinds: readonly Kind[] = [
  {
    name: 'node-restart',
    plan: (random) => ({
      steps: repeat(random, 1, 2, () => [
        traffic(random),
        { do: 'restart-node', lost: 0, down: random.int(0, 600) },
        traffic(random),
      ]),
    }),
  },
  {
    name: 'node-loses-blocks',
    plan: (random) => ({
      steps: repeat(random, 1, 2, () => [
        traffic(random),
        { do: 'pause', ms: random.int(0, 300) },
        { do: 'restart-node', lost: random.int(1, 8), down: random.int(0, 300) },
        traffic(random),
      ]),
    }),
  },
  {
    name: 'bad-provider',
    plan: (random, turn) => ({
      setup: {
        transport: random.pick(['http', 'http', 'ws+http'] as const),
        settled: random.chance(0.4),
        history: { blocks: random.int(50, 300), spread: 3, events: 2 },
      },
      steps: [0, 1].flatMap((way) => [
        { do: 'rpc', faults: drawRpcFaults(random, 2 * turn + way) } as const,
        traffic(random),
        { do: 'pause', ms: random.int(100, 700) } as const,
        traffic(random),
      ]),
    }),
  },
  {
    name: 'answers-out-of-order',
    plan: (random) => ({
      setup: {
        transport: 'http',
        settled: random.chance(0.5),
        history: { blocks: random.int(20, 100), spread: 2, events: 4 },
      },
      steps: repeat(random, 2, 4, () => [
        { do: 'rpc', faults: { shuffledBatch: 0.5, shuffledLogs: 0.5 } },
        traffic(random),
        { do: 'pause', ms: random.int(50, 300) },
      ]),
    }),
  },
  {
    name: 'replica-lags',
    plan: (random) => ({
      setup: { transport: 'http' },
      steps: repeat(random, 4, 12, () => [
        { do: 'rpc', faults: { lag: random.int(0, 6) } },
        { do: 'mine', blocks: random.int(0, 2), events: random.int(0, 3) },
        { do: 'pause', ms: random.int(10, 90) },
      ]),
    }),
  },
  {
    name: 'heads-out-of-order',
    plan: (random) => ({
      setup: { transport: random.pick(['ws', 'ws+http'] as const) },
      steps: repeat(random, 2, 4, () => [
        drawHeadFaults(random),
        { do: 'mine', blocks: random.int(4, 15), events: random.int(0, 3), gap: random.int(0, 40) },
        ...(random.chance(0.3) ? [{ do: 'cut', link: 'node', down: 0 } as const] : []),
        traffic(random),
      ]),
    }),
  },
]
