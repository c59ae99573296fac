import type { Hex } from '../../schema/events/event.ts'

/** `BatchAnchor` of the ledger. */
export interface BatchAnchor {
  readonly mode: number
  readonly operator: Hex
  readonly blockNumber: bigint
  readonly recordedAt: bigint
  /** Records, those of skipped lanes included. */
  readonly calls: number
  readonly digest: Hex
  readonly skipped: Hex
}

export const batchModes = { packed: 1, committed: 2, settled: 3 } as const

/** What can be shown of a batch. */
export interface BatchEvidence {
  readonly anchor: BatchAnchor
  /** Ranges of records of skipped lanes. */
  readonly skipped: readonly { readonly first: bigint; readonly end: bigint }[]
  /** All records, 116 bytes each; undefined if the body of a settled batch is not known. */
  readonly records: Hex | undefined
}

/** Passed where the ledger has no anchor, so nothing is compared with it. */
export const emptyAnchor: BatchAnchor = {
  mode: 0,
  operator: `0x${'00'.repeat(20)}`,
  blockNumber: 0n,
  recordedAt: 0n,
  calls: 0,
  digest: `0x${'00'.repeat(32)}`,
  skipped: `0x${'00'.repeat(32)}`,
}
