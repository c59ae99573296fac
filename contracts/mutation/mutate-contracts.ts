import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AstNode } from './ast-node.ts'
import { chooseMutants } from './choose-mutants.ts'
import { findSuites } from './find-suites.ts'
import { generateMutants } from './generate-mutants.ts'
import { type KnownSurvivor, staleSurvivors } from './known-survivors.ts'
import type { Mutant } from './mutant.ts'
import { createMutationReport, type MutationReport } from './mutation-report.ts'
import { hashProject, openOutcomeStore } from './outcome-store.ts'
import { parseSolidity } from './parse-solidity.ts'
import { runMutants } from './run-mutants.ts'
import { type Outcome, testBaseline } from './test-mutant.ts'
import { createWorkspace, type Workspace } from './workspace.ts'

export interface MutationOptions {
  /** Folder with `foundry.toml`, `src/` and `test/`. */
  readonly project: string
  /** Sources to mutate, relative to `src`. */
  readonly files: readonly string[]
  /** Part of an id; only mutants that contain it are considered. */
  readonly only?: string | undefined
  /** At most so many, chosen evenly; 0 for all. */
  readonly sample: number
  readonly seed: string
  readonly jobs: number
  readonly known: readonly KnownSurvivor[]
  /** Where outcomes are kept for `resume`. */
  readonly store: string
  readonly resume: boolean
  readonly environment: Readonly<Record<string, string>>
  readonly signal?: AbortSignal | undefined
  readonly onStep?: (text: string) => void
  readonly onOutcome?: (mutant: Mutant, outcome: Outcome, done: number, total: number) => void
}

/** Genesis carries the code of every other contract: with it, each change would recompile all of them. */
const omitted = ['Genesis']

const quick = {
  FOUNDRY_FUZZ_RUNS: '64',
  FOUNDRY_INVARIANT_RUNS: '12',
  FOUNDRY_INVARIANT_DEPTH: '64',
}

/**
 * Tests the tests: puts one mistake at a time into the contracts and sees whether a test fails.
 *
 * @throws `CONTRACTS_INVALID` when the unchanged contracts do not pass; `INTERRUPTED` on abort.
 */
export async function mutateContracts(options: MutationOptions): Promise<MutationReport> {
  const started = performance.now()
  const step = options.onStep ?? (() => undefined)
  const mutants = generateAll(options.project, options.files)
  for (const { id } of staleSurvivors(options.known, mutants))
    step(`survivors.json names ${id}, but no mutant fits it any more`)
  const matching = mutants.filter(({ id }) => id.includes(options.only ?? ''))
  const chosen =
    options.sample === 0 ? matching : chooseMutants(matching, options.sample, options.seed)
  step(`${chosen.length} of ${matching.length} mutants of ${options.files.length} files chosen`)

  const store = await openOutcomeStore(
    options.store,
    await hashProject(options.project),
    options.resume,
  )
  const open = chosen.filter(({ id }) => !store.known.has(id))
  if (open.length < chosen.length) step(`${chosen.length - open.length} are known from before`)
  const folder = await mkdtemp(join(tmpdir(), 'provenant-mutation-'))
  try {
    const settings = {
      quick,
      environment: options.environment,
      timeoutMs: 900_000,
      signal: options.signal,
    }
    const prepared = performance.now()
    const workspaces = open.length === 0 ? [] : await prepare(folder, open)
    // Compiling everything and running every suite takes longer than any mutant that ends.
    const timeoutMs = Math.max(120_000, 2 * (performance.now() - prepared))
    const limited = { ...settings, timeoutMs }
    const fresh = await runMutants(open, workspaces, limited, async (mutant, outcome, done) => {
      await store.add(mutant.id, outcome)
      options.onOutcome?.(mutant, outcome, done, open.length)
    })
    return createMutationReport({
      outcomes: new Map(
        chosen.map((mutant) => [
          mutant,
          (fresh.get(mutant) ?? store.known.get(mutant.id)) as Outcome,
        ]),
      ),
      known: options.known,
      generated: mutants.length,
      seed: options.seed,
      seconds: (performance.now() - started) / 1000,
    })

    async function prepare(parent: string, todo: readonly Mutant[]): Promise<readonly Workspace[]> {
      const first = await createWorkspace(options.project, join(parent, '0'), omitted)
      const suites = new Set(
        todo.flatMap(({ file }) => {
          const { near, far } = findSuites(first.root, file)
          return [...near, ...far]
        }),
      )
      step(`compiling, and running ${suites.size} suites on the unchanged contracts`)
      await testBaseline(first, [...suites].sort(), settings)
      const others = Array.from({ length: Math.min(options.jobs, todo.length) - 1 }, (_, i) =>
        first.duplicate(join(parent, String(i + 1))),
      )
      return [first, ...(await Promise.all(others))]
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Generates the mutants of some sources of a project, in the order of `files`. */
function generateAll(project: string, files: readonly string[]): readonly Mutant[] {
  const read = (path: string) => {
    // The packages lie beside the project; a link to them inside it exists only once forge has run.
    const folder = path.startsWith('node_modules/') ? join(project, '..') : project
    try {
      return readFileSync(join(folder, path), 'utf8')
    } catch {
      return undefined
    }
  }
  const sources = new Map(files.map((file) => [`src/${file}`, read(`src/${file}`) ?? '']))
  const asts = parseSolidity(sources, read)
  return files.flatMap((file) => {
    const path = `src/${file}`
    return generateMutants(file, sources.get(path) ?? '', asts.get(path) as AstNode)
  })
}
