import { compareTables } from './compare-tables.ts'
import type { ReplayResult } from './replay-everything.ts'

/** What a replay showed. */
export interface ReplayComparison {
  readonly ok: boolean
  readonly tables: number
  readonly rows: number
  readonly roots: number
  readonly differences: readonly string[]
}

/** Compares tables and roots as they are with those that were replayed. */
export function compareReplay(live: ReplayResult, replayed: ReplayResult): ReplayComparison {
  const expected = live.roots.map(({ root }) => root)
  const actual = replayed.roots.map(({ root }) => root)
  const differences = [
    ...compareTables(live.tables, replayed.tables),
    ...(expected.join() === actual.join()
      ? []
      : [`roots: ${expected.join(', ') || 'none'} live, ${actual.join(', ') || 'none'} replayed`]),
  ]
  const tables = Object.values(replayed.tables)
  return {
    ok: differences.length === 0,
    tables: tables.length,
    rows: tables.reduce((sum, { rows }) => sum + rows, 0),
    roots: actual.length,
    differences,
  }
}
