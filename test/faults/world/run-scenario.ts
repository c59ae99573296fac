import { verifyWorld } from '../check/verify-world.ts'
import { waitForAgreement } from '../check/wait-for-agreement.ts'
import type { Scenario } from '../plan/scenario.ts'
import { applyStep } from '../steps/apply-step.ts'
import { heal } from '../steps/heal.ts'
import type { Lane } from './lane.ts'
import { NotPermitted, openWorld } from './open-world.ts'
import type { World } from './world.ts'

/** What became of a scenario. */
export interface Outcome {
  readonly outcome: 'passed' | 'failed' | 'skipped'
  readonly seconds: number
  /** Facts on the chain at the end, and blocks that the log took back on the way. */
  readonly facts: number
  readonly revertedBlocks: number
  /** How often parts ended by themselves and were started again. */
  readonly restarts: number
  /** What the parts noticed of the faults. */
  readonly warnings: number
  /** What did not agree, or why it was skipped. */
  readonly difference?: string
  /** What the processes said last, of a failure. */
  readonly lines?: readonly string[]
}

const patienceMs = 40_000
const shownDifferences = 5

/** Failures that say that facts were damaged; no restart may follow them. */
const damage = [
  'CRASHED',
  'EVENT_LOG_CORRUPT',
  'PROJECTION_POISONED',
  'SCHEMA_MISMATCH',
  'INTERNAL',
  'UNKNOWN',
]

/** Plays a scenario to its end and compares chain, log and tables. */
export async function runScenario(
  lane: Lane,
  scenario: Scenario,
  signal: AbortSignal,
  onStep: (text: string) => void = () => undefined,
): Promise<Outcome> {
  const started = performance.now()
  const seconds = () => Math.round((performance.now() - started) / 100) / 10
  const nothing = { facts: 0, revertedBlocks: 0, restarts: 0, warnings: 0 }
  try {
    await using world = await openWorld(lane, scenario, signal)
    return { ...(await play(world, onStep)), seconds: seconds() }
  } catch (error) {
    signal.throwIfAborted()
    const difference = error instanceof Error ? (error.stack ?? error.message) : String(error)
    const outcome = error instanceof NotPermitted ? 'skipped' : 'failed'
    return { outcome, ...nothing, seconds: seconds(), difference }
  }
}

async function play(
  world: World,
  onStep: (text: string) => void,
): Promise<Omit<Outcome, 'seconds'>> {
  const { scenario, roles } = world
  onStep('opened')
  if (scenario.setup.settled) {
    const { differences } = await waitForAgreement(world, patienceMs)
    onStep(`settled, ${differences.length} differences ${differences[0] ?? ''}`)
  } else {
    await Promise.all(Object.values(roles).map((role) => role.begun()))
    onStep('begun')
  }
  for (const step of scenario.steps) {
    world.signal.throwIfAborted()
    onStep(JSON.stringify(step))
    await applyStep(world, step)
  }
  onStep('heal')
  await heal(world)
  onStep('wait for agreement')
  const { differences, facts, revertedBlocks } = await waitForAgreement(world, patienceMs)
  const failures = Object.values(roles).flatMap((role) => role.failures)
  const damages = failures.filter((failure) => damage.some((code) => failure.startsWith(code)))
  const found = [
    ...differences,
    ...damages.map((failure) => `a part gave up: ${failure}`),
    ...(differences.length === 0 ? await verifyWorld(world) : []),
    ...(isUnforked(scenario) && revertedBlocks > 0
      ? [`${revertedBlocks} blocks were taken back although the chain never forked`]
      : []),
  ]
  const warnings = Object.values(roles).reduce((sum, role) => sum + role.warnings, 0)
  const result = { facts, revertedBlocks, restarts: failures.length, warnings }
  if (found.length > 0) {
    const lines = Object.values(roles).flatMap((role) =>
      role
        .lines()
        .slice(-25)
        .map((line) => `${role.role}: ${line}`),
    )
    return { outcome: 'failed', ...result, difference: shorten(found), lines }
  }
  onStep('stop')
  for (const role of [roles.projector, roles.indexer, roles['event-log']]) await role.stop()
  return { outcome: 'passed', ...result }
}

const isUnforked = ({ steps }: Scenario) =>
  !steps.some((step) => step.do === 'reorg' || (step.do === 'restart-node' && step.lost > 0))

const shorten = (found: readonly string[]) =>
  [
    ...found.slice(0, shownDifferences),
    ...(found.length > shownDifferences ? [`… and ${found.length - shownDifferences} more`] : []),
  ].join('\n')
