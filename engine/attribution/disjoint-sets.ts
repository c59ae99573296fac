/** Groups of numbers 0 … count − 1 that can be merged (union-find). */
export interface DisjointSets {
  /** Smallest member of the group of `item`. */
  find(item: number): number
  merge(a: number, b: number): void
}

/** Creates `count` groups of one member each. */
export function disjointSets(count: number): DisjointSets {
  const parents = Int32Array.from({ length: count }, (_, i) => i)
  const find = (item: number): number => {
    let root = item
    while (parents[root] !== root) root = parents[root]!
    let at = item
    while (parents[at] !== root) {
      const next = parents[at]!
      parents[at] = root
      at = next
    }
    return root
  }
  return {
    find,
    merge(a, b) {
      const [low, high] = [find(a), find(b)].sort((x, y) => x - y) as [number, number]
      parents[high] = low
    },
  }
}
