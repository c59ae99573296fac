import { type Kind, kinds } from './kinds.ts'
import type { Scenario, Setup } from './scenario.ts'
import { type SeededRandom, seededRandom } from './seeded-random.ts'

/** The kind of a scenario: they take turns, so that every run has all of them. */
export const kindOf = (id: number): Kind => kinds[id % kinds.length] as Kind

/** Decides everything about a scenario from seed and id alone. */
export function planScenario(seed: number, id: number): Scenario {
  const random = seededRandom(seed, id, 0)
  const kind = kindOf(id)
  const setup = drawSetup(random)
  const plan = kind.plan(random, Math.floor(id / kinds.length))
  return {
    ...{ id, seed, kind: kind.name },
    setup: { ...setup, ...plan.setup },
    steps: plan.steps,
  }
}

const drawSetup = (random: SeededRandom): Setup => ({
  transport: random.pick(['http', 'ws', 'ws+http']),
  finality: random.chance(0.15) ? random.pick(['finalized', 'safe']) : random.int(2, 8),
  history: {
    blocks: random.int(10, 60),
    spread: random.pick([1, 1, 3]),
    events: random.int(1, 4),
  },
  settled: random.chance(0.7),
  smallVolume: false,
})
