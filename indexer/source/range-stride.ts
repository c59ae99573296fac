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
 * It begins narrow, since nothing is known of how crowded the chain is: an answer is held in memory
 * as a whole.
 *
 * @param options.first blocks of the first question
 * @param options.most widest question ever asked
 * @param options.logs logs per answer that it aims at where blocks are crowded
 */
export function rangeStride(
  options: { readonly first?: number; readonly most?: number; readonly logs?: number } = {},
): RangeStride {
  const { first = 64, most = 20_000, logs: enough = 3000 } = options
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
      const fitting = logs === 0 ? most : Math.max(1, Math.floor((blocks * enough) / logs))
      if (fitting <= size) size = fitting
      // The last question before the head is narrower than the stride and says nothing about it.
      else if (blocks >= size) {
        const wider = refusedAt === Number.POSITIVE_INFINITY ? 3 * size : size / 2
        const step = Math.ceil(Math.min(wider, (refusedAt - size) / 2))
        if (step > size / 16) size = Math.min(most, fitting, refusedAt - 1, size + step)
      }
    },
    refused(blocks) {
      refusedAt = Math.min(refusedAt, blocks)
      shrink(blocks)
    },
    failed: shrink,
  }
}
