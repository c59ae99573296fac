import type { Hex } from '../../schema/events/event.ts'
import type { BlockId, LateProgress } from './chain-cursor.ts'

/** Names a contract in a cursor, which every append carries: eight digits of its address will do. */
export const coverKey = (address: Hex): string => address.slice(2, 10)

/** What of a cursor says which contracts the log is about. */
export interface Coverage {
  readonly covers?: readonly string[] | undefined
  readonly late?: LateProgress | undefined
}

/** Takes the coverage of a cursor over to one that ends at `tip`. */
export function carryCoverage({ covers, late }: Coverage, tip: BlockId): Coverage {
  const clipped =
    late === undefined || late.height <= tip.height
      ? late
      : tip.height < 0
        ? undefined
        : { covers: late.covers, height: tip.height, hash: tip.hash }
  return { covers, late: clipped }
}

/** Contracts of a deployment, as the log is compared with them. */
export interface KnownContracts {
  /** Those that every log of the deployment is about. */
  readonly first: readonly Hex[]
  readonly all: readonly Hex[]
}

/**
 * Finds the contracts whose past the log lacks, and those that only the log knows.
 *
 * Cursors without a list are of versions that followed the first contracts alone.
 */
export function compareCoverage(
  { covers, late }: Coverage,
  { first, all }: KnownContracts,
): { readonly missing: readonly Hex[]; readonly gone: readonly string[] } {
  const covered = new Set(covers ?? first.map(coverKey))
  const known = new Set(all.map(coverKey))
  return {
    missing: all.filter((address) => !covered.has(coverKey(address))),
    gone: [...covered, ...(late?.covers ?? [])].filter((key) => !known.has(key)),
  }
}
