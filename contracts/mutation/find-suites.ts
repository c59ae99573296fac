import { basename, join } from 'node:path'
import { closureOf, readImports } from './read-imports.ts'

/** Test files that can notice a change of one source, nearest first. */
export interface Suites {
  /** Those that import it themselves or are named like it or like a source that does. */
  readonly near: readonly string[]
  /** Those that reach it through other files. */
  readonly far: readonly string[]
  /** Everything that the near ones import, themselves and sources included. */
  readonly nearFiles: readonly string[]
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
  const reaching = suites.filter((suite) => closureOf(graph, [suite]).includes(target))
  const users = [...graph.keys()].filter((path) => graph.get(path)?.includes(target))
  const words = new Set([target, ...users.filter((path) => path.startsWith('src'))].map(firstWord))
  const isNear = (suite: string) => words.has(firstWord(suite)) || users.includes(suite)
  const near = reaching.filter(isNear)
  const far = reaching.filter((suite) => !isNear(suite))
  return { near, far, nearFiles: closureOf(graph, near) }
}

/** `RewardsClaims.t.sol` and `RewardsDistributor.sol` are about the same thing: `Rewards`. */
function firstWord(path: string): string {
  return /^[A-Z][a-z]+/.exec(basename(path))?.[0] ?? path
}
