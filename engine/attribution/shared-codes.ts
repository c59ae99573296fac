/** Makes room for int8 codes that worker threads read without a copy. */
export const sharedCodes = (length: number): Int8Array =>
  new Int8Array(new SharedArrayBuffer(length))

/** Makes room for codes in the same kind of memory: native backends refuse shared operands. */
export const codesLike = (codes: Int8Array, length: number): Int8Array =>
  codes.buffer instanceof SharedArrayBuffer ? sharedCodes(length) : new Int8Array(length)
