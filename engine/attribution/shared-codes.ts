/** Makes room for int8 codes that worker threads read without a copy. */
export const sharedCodes = (length: number): Int8Array =>
  new Int8Array(new SharedArrayBuffer(length))
