import type { DisjointSets } from './disjoint-sets.ts'

export interface Clusters {
  /** Cluster of each row, numbered by the position of the representative. */
  readonly clusterOf: readonly number[]
  /** Row of each cluster that is scored and keeps the credit. */
  readonly representatives: readonly number[]
}

/**
 * Chooses for each group the row that was accepted first, and numbers the groups.
 *
 * @param precedence per row a number that is lower for what was accepted earlier; ties go to the
 * lower row.
 */
export function numberClusters(sets: DisjointSets, precedence: readonly number[]): Clusters {
  const chosen = new Map<number, number>()
  precedence.forEach((order, row) => {
    const group = sets.find(row)
    const current = chosen.get(group)
    if (current === undefined || order < precedence[current]!) chosen.set(group, row)
  })
  const representatives = [...chosen.values()].sort((a, b) => a - b)
  const numbers = new Map(representatives.map((row, cluster) => [sets.find(row), cluster]))
  return { clusterOf: precedence.map((_, row) => numbers.get(sets.find(row))!), representatives }
}
