import type { RpcFaults } from '../../../support/faulty-rpc.ts'
import type { Kind } from '../kinds.ts'
import { repeat, traffic } from '../repeat.ts'
import type { Step } from '../scenario.ts'
import type { SeededRandom } from '../seeded-random.ts'

/** A provider that fails in one way or in several. */
export function drawRpcFaults(random: SeededRandom): RpcFaults {
  const share = () => random.int(5, 25) / 100
  return random.pick<() => RpcFaults>([
    () => ({ tooManyRequests: share() }),
    () => ({ serverError: share() }),
    () => ({ hang: share() / 3, hangMs: random.int(100, 900) }),
    () => ({ truncated: share() }),
    () => ({ dropped: share() }),
    () => ({ rangeLimit: random.int(1, 20), serverError: share() / 2 }),
    () => ({ callsPerSecond: random.int(60, 200) }),
    () => ({
      ...{ tooManyRequests: share() / 2, serverError: share() / 2, truncated: share() / 2 },
      ...{ dropped: share() / 2, hang: 0.02, hangMs: 600, latencyMs: random.int(0, 10) },
    }),
    () => ({ down: true }),
    () => ({ shuffledBatch: share() * 2, shuffledLogs: share() * 2 }),
  ])()
}

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
    plan: (random) => ({
      setup: {
        transport: random.pick(['http', 'http', 'ws+http'] as const),
        settled: random.chance(0.4),
        history: { blocks: random.int(50, 300), spread: 3, events: 2 },
      },
      steps: repeat(random, 1, 3, () => [
        { do: 'rpc', faults: drawRpcFaults(random) },
        traffic(random),
        { do: 'pause', ms: random.int(100, 700) },
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
