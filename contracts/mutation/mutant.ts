/** What kind of mistake a mutant imitates. */
export type OperatorName =
  | 'access-removed'
  | 'arithmetic'
  | 'assignment-dropped'
  | 'call-dropped'
  | 'compare-boundary'
  | 'compare-negated'
  | 'condition-negated'
  | 'constant-down'
  | 'constant-up'
  | 'event-dropped'
  | 'logic'
  | 'modifier-removed'
  | 'return-changed'
  | 'revert-removed'

/** One change of a source, in UTF-8 bytes. */
export interface Edit {
  readonly operator: OperatorName
  readonly start: number
  readonly end: number
  readonly replacement: string
  /** The expression or statement around the change, for the reader. */
  readonly shown: { readonly start: number; readonly end: number }
}

/** A source with one mistake in it. */
export interface Mutant {
  /** `file:line:column:operator`; the same for the same source. */
  readonly id: string
  /** Relative to `contracts/src`. */
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1, in characters. */
  readonly column: number
  readonly operator: OperatorName
  /** Name of the function, `constructor`, or the contract for what is outside of functions. */
  readonly scope: string
  readonly original: string
  readonly mutated: string
  readonly edit: Edit
}
