/** One training row. The three arrays have equal length, at most the largest bucket. */
export interface TokenizedExample {
  readonly tokens: Uint8Array<ArrayBuffer>
  /** targets[t] is the token that follows tokens[t]. */
  readonly targets: Uint8Array<ArrayBuffer>
  /** 1 where the target belongs to the answer, else 0. */
  readonly lossMask: Uint8Array<ArrayBuffer>
}
