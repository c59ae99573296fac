import type { Hex } from '../events/event.ts'

/** A retrieved row that an answer cites; the score is the BM25 score times 10^6. */
export interface Citation {
  readonly rowId: string
  readonly scoreMicros: number
}

/** What a batch of calls says beside the packed records; its sha256 is the batch's `dataHash`. */
export interface BatchManifest {
  readonly kind: 'batch'
  readonly version: 1
  /** In the order of the packed records. */
  readonly calls: readonly { readonly requestHash: Hex; readonly citations: readonly Citation[] }[]
}
