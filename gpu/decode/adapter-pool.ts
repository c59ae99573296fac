/** Counters since the pool was made. */
export interface AdapterPoolStats {
  readonly hits: number
  readonly misses: number
  readonly evictions: number
  readonly resident: number
}

/**
 * Gives pool rows to adapters, least recently used first out; a row in use is never given away.
 *
 * It keeps the books only: whoever gets `fresh` must fill the row before it is used.
 */
export interface AdapterPool {
  /** Takes a row for `key`, or returns undefined while every row is in use. */
  acquire(key: string): { readonly row: number; readonly fresh: boolean } | undefined
  /** Gives back one use of a row. */
  release(row: number): void
  /** Gives back a row whose adapter could not be loaded. */
  discard(row: number): void
  stats(): AdapterPoolStats
}

/** Creates a pool of the rows 1 to `rows`; row 0 is the base model and never given out. */
export function createAdapterPool(rows: number): AdapterPool {
  // A Map iterates in insertion order, so re-inserting on use keeps the oldest key first.
  const rowOf = new Map<string, number>()
  const uses = new Uint32Array(rows + 1)
  const free = Array.from({ length: rows }, (_, index) => rows - index)
  let hits = 0
  let misses = 0
  let evictions = 0

  const evict = (): number | undefined => {
    for (const [key, row] of rowOf) {
      if (uses[row] !== 0) continue
      rowOf.delete(key)
      evictions++
      return row
    }
    return undefined
  }

  return {
    acquire(key) {
      const known = rowOf.get(key)
      const row = known ?? free.pop() ?? evict()
      if (row === undefined) return undefined
      if (known === undefined) misses++
      else hits++
      rowOf.delete(key)
      rowOf.set(key, row)
      uses[row]!++
      return { row, fresh: known === undefined }
    },
    release(row) {
      uses[row]!--
    },
    discard(row) {
      uses[row] = 0
      for (const [key, held] of rowOf) if (held === row) rowOf.delete(key)
      free.push(row)
    },
    stats: () => ({ hits, misses, evictions, resident: rowOf.size }),
  }
}
