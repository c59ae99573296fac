/** One thing that chain, log and tables do not agree on. */
export interface VerifyDifference {
  readonly between: 'chain and log' | 'log and tables'
  readonly kind: 'missing' | 'extra' | 'different' | 'twice'
  readonly height: number
  readonly blockHash: string
  /** Type of the event, or name of the table. */
  readonly what: string
  /** Id of the event or of the row. */
  readonly id: string
  /** Why the tables refused the row, with its SQLSTATE. */
  readonly deadLetter?: string
}

/** Orders differences by block, then by name, so that the first one is the same in every run. */
export const byBlock = (a: VerifyDifference, b: VerifyDifference): number =>
  a.height - b.height || (a.what < b.what ? -1 : a.what > b.what ? 1 : a.id < b.id ? -1 : 1)
