import type { Decimal, Hex } from '../events/event.ts'

/** Rows of one model version's gradient store, in the order of its segments. */
export interface GradientRows {
  readonly kind: 'gradient-rows'
  readonly version: 1
  readonly modelId: Decimal
  readonly modelVersion: number
  readonly rows: readonly {
    readonly rowId: string
    readonly contributor: Hex
    /** Near-duplicates share a number. */
    readonly cluster: number
  }[]
  /** By cluster: position of the row that is scored and keeps the credit. */
  readonly representatives: readonly number[]
}
