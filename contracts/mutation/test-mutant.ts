import { BaseError } from '../../schema/errors.ts'
import { findSuites } from './find-suites.ts'
import type { Mutant } from './mutant.ts'
import { type ForgeVerdict, testWithForge } from './test-with-forge.ts'
import type { Workspace } from './workspace.ts'

/** What became of a mutant. */
export type Outcome =
  | { readonly kind: 'killed'; readonly by: string }
  /** It ran until it was stopped; counts as killed. */
  | { readonly kind: 'timeout' }
  /** It does not compile, so it is no mutant. */
  | { readonly kind: 'invalid'; readonly by: string }
  | { readonly kind: 'survived' }

export interface TestMutantOptions {
  /** Settings of forge for the quick runs; the confirmation runs with those of `foundry.toml`. */
  readonly quick: Readonly<Record<string, string>>
  /** What every run of forge needs, e.g. `PATH`. */
  readonly environment: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

const survived = { kind: 'survived' } as const
const units = '^test([^F]|F[^u])'
const fuzz = '^testFuzz'
const invariants = '^invariant'

/**
 * Runs the tests that can notice a mutant, the likeliest first, and takes it out again.
 *
 * One that nothing noticed quickly faces every relevant test once more with the usual number of runs. Then
 * the nearest ones are compiled without links: a linked test ends as passed at the first constructor that it
 * expects to revert.
 */
export async function testMutant(
  workspace: Workspace,
  mutant: Mutant,
  options: TestMutantOptions,
): Promise<Outcome> {
  const { near, far, nearFiles } = findSuites(workspace.root, mutant.file)
  const all = [...near, ...far]
  if (all.length === 0) return survived
  const stages: readonly (readonly [readonly string[], string])[] = [
    [near, units],
    [near, fuzz],
    [far, units],
    [far, fuzz],
    [all, invariants],
  ]
  await workspace.apply(mutant)
  try {
    // No other mutant profits from unlinked tests, and these nearly always do.
    const early = mutant.scope === 'constructor' ? await runUnlinked() : survived
    if (early.kind !== 'survived') return early
    for (const [suites, tests] of stages) {
      if (suites.length === 0) continue
      const outcome = outcomeOf(await run(suites, tests, options.quick))
      if (outcome.kind !== 'survived') return outcome
    }
    const patient = outcomeOf(await run(all, '.*', {}))
    return patient.kind === 'survived' ? await runUnlinked() : patient
  } finally {
    await workspace.restore(mutant)
  }

  async function runUnlinked(): Promise<Outcome> {
    if (near.length === 0) return survived
    const copy = await workspace.copyFiles(`plain-${mutant.file.replaceAll('/', '-')}`, nearFiles)
    return outcomeOf(await run(near, '^test', {}, copy))
  }

  function run(
    suites: readonly string[],
    tests: string,
    settings: Readonly<Record<string, string>>,
    unlinkedRoot?: string,
  ): Promise<ForgeVerdict> {
    return testWithForge({
      root: unlinkedRoot ?? workspace.root,
      linked: unlinkedRoot === undefined,
      suites,
      tests,
      settings: { ...options.environment, ...settings },
      timeoutMs: options.timeoutMs * (settings === options.quick ? 1 : 5),
      signal: options.signal,
    })
  }
}

/**
 * Checks that the unchanged sources pass every test that mutants will face, and compiles them.
 *
 * @throws `CONTRACTS_INVALID` naming the first failure.
 */
export async function testBaseline(
  workspace: Workspace,
  suites: readonly string[],
  options: TestMutantOptions,
): Promise<void> {
  const verdict = await testWithForge({
    root: workspace.root,
    linked: true,
    suites,
    tests: '.*',
    settings: { ...options.environment, ...options.quick },
    timeoutMs: options.timeoutMs,
    signal: options.signal,
  })
  if (verdict.kind === 'passed' && verdict.tests > 0) return
  throw new BaseError('CONTRACTS_INVALID', {
    facts: { verdict: verdict.kind, ...('test' in verdict ? { test: verdict.test } : {}) },
  })
}

function outcomeOf(verdict: ForgeVerdict): Outcome {
  switch (verdict.kind) {
    case 'passed':
      return survived
    case 'failed':
      return { kind: 'killed', by: verdict.test }
    case 'uncompilable':
      return { kind: 'invalid', by: verdict.message }
    case 'timeout':
      return { kind: 'timeout' }
  }
}
