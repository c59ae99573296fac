/** How many blocks the next question for logs covers. */
export interface RangeStride {
  readonly size: number
  /** A range was answered with so many logs. */
  answered(blocks: number, logs: number): void
  /** A range was refused as too wide. */
  refused(blocks: number): void
  /** A range was not answered at all, which its width may be the cause of. */
  failed(blocks: number): void
}

/** Answers after which a width that was refused once is tried again. */
const patience = 200

/**
 * Finds the widest range that a provider answers: grows on success, halves on refusal, and settles
 * between the widest that was answered and the narrowest that was refused.
 *
 * @param options.first blocks of the first question
 * @param options.most widest question ever asked
 * @param options.logs logs per answer beyond which it does not grow, which bounds memory
 */
export function rangeStride(
  options: { readonly first?: number; readonly most?: number; readonly logs?: number } = {},
): RangeStride {
  const { first = 2000, most = 20_000, logs: enough = 10_000 } = options
  let size = Math.min(first, most)
  let refusedAt = Number.POSITIVE_INFINITY
  let answers = 0
  const shrink = (blocks: number) => {
    answers = 0
    size = Math.min(size, Math.max(1, Math.floor(blocks / 2)))
  }
  return {
    get size() {
      return size
    },
    answered(blocks, logs) {
      answers += 1
      if (answers > patience) {
        answers = 0
        refusedAt = Number.POSITIVE_INFINITY
      }
      if (logs > 2 * enough) size = Math.max(1, Math.floor(size / 2))
      // The last question before the head is narrower than the stride and says nothing about it.
      if (blocks < size || logs > enough) return
      const step = Math.ceil(Math.min(size / 2, (refusedAt - size) / 2))
      if (step > size / 16) size = Math.min(most, refusedAt - 1, size + step)
    },
    refused(blocks) {
      refusedAt = Math.min(refusedAt, blocks)
      shrink(blocks)
    },
    failed: shrink,
  }
}
