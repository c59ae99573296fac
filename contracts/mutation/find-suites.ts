import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, normalize, relative } from 'node:path'

/** Test files that can notice a change of one source, nearest first. */
export interface Suites {
  /** Those that import it themselves or are named like it or like a source that does. */
  readonly near: readonly string[]
  /** Those that reach it through other files. */
  readonly far: readonly string[]
  /** Files under `test/` that import it themselves, suites or not. */
  readonly users: readonly string[]
}

/**
 * Finds which Foundry suites reach a source through their imports.
 *
 * @param root - Folder that holds `src/` and `test/`.
 * @param file - Path relative to `src/`.
 * @returns Paths relative to `root`, sorted.
 */
export function findSuites(root: string, file: string): Suites {
  const graph = readImports(root)
  const target = join('src', file)
  const suites = [...graph.keys()].filter((path) => path.endsWith('.t.sol')).sort()
  const reaching = suites.filter((suite) => reaches(graph, suite, target))
  const users = [...graph.keys()].filter((path) => graph.get(path)?.includes(target))
  const words = new Set([target, ...users.filter((path) => path.startsWith('src'))].map(firstWord))
  const isNear = (suite: string) => words.has(firstWord(suite)) || users.includes(suite)
  return {
    near: reaching.filter(isNear),
    far: reaching.filter((suite) => !isNear(suite)),
    users: users.filter((path) => path.startsWith('test')),
  }
}

/** `RewardsClaims.t.sol` and `RewardsDistributor.sol` are about the same thing: `Rewards`. */
function firstWord(path: string): string {
  return /^[A-Z][a-z]+/.exec(basename(path))?.[0] ?? path
}

function readImports(root: string): ReadonlyMap<string, readonly string[]> {
  const graph = new Map<string, readonly string[]>()
  for (const folder of ['src', 'test']) {
    for (const path of solidityFiles(join(root, folder))) {
      const text = readFileSync(path, 'utf8')
      const specifiers = [...text.matchAll(/^import[^;]*?["'](\.[^"']+)["'];/gms)]
      graph.set(
        relative(root, path),
        specifiers.map(([, specifier]) =>
          normalize(join(dirname(relative(root, path)), specifier as string)),
        ),
      )
    }
  }
  return graph
}

function reaches(
  graph: ReadonlyMap<string, readonly string[]>,
  from: string,
  target: string,
): boolean {
  const seen = new Set<string>()
  const waiting = [from]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (path === target) return true
    if (seen.has(path)) continue
    seen.add(path)
    waiting.push(...(graph.get(path) ?? []))
  }
  return false
}

function solidityFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return solidityFiles(path)
    return entry.name.endsWith('.sol') ? [path] : []
  })
}
