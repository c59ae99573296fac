import { keccakModule } from './keccak-module.ts'

/** Bytes that Keccak-256 takes in at once. */
export const blockBytes = 136
const pageBytes = 65_536
// The engine compiles a function well only between two calls, so a long call stays slow for good.
const perCall = 1024

type Fold = (a: number, b: number, c: number) => void

/** First address that is free for messages; below lie the round constants. */
export const firstFreeByte = 256

/** Keccak-256 over many short messages in WebAssembly memory; addresses are byte offsets. */
export interface KeccakKernel {
  /** A view of the whole memory; `reserve` makes earlier views empty. */
  bytes(): Uint8Array<ArrayBuffer>
  /** Grows the memory to at least that many bytes. */
  reserve(bytes: number): void
  /** Hashes `count` blocks of 136 bytes that carry their padding, to 32 bytes each. */
  hashBlocks(source: number, out: number, count: number): void
  /** Hashes `count` digests of 32 bytes each, in place if `out` is `source`. */
  hashDigests(source: number, out: number, count: number): void
  /** Hashes 0x01 ‖ left ‖ right for `count` pairs of 64 bytes; a pair of zeros gives zeros. */
  foldOrdered(source: number, out: number, count: number): void
  /** Fills inner nodes `last` … `first` of the heap at `base`, each from its children in ascending order. */
  foldSorted(base: number, first: number, last: number): void
}

let compiled: WebAssembly.Module | undefined

/**
 * Creates a kernel with a memory of its own.
 *
 * Source: FIPS 202 permutation with the original Keccak padding that Ethereum uses.
 */
export function createKeccakKernel(): KeccakKernel {
  compiled ??= new WebAssembly.Module(keccakModule())
  const exported = new WebAssembly.Instance(compiled).exports as unknown as {
    readonly memory: WebAssembly.Memory
  } & Record<'hashBlocks' | 'hashDigests' | 'foldOrdered' | 'foldSorted', Fold>
  const chunked =
    (run: Fold, sourceStride: number): Fold =>
    (source, out, count) => {
      for (let done = 0; done < count; done += perCall)
        run(source + sourceStride * done, out + 32 * done, Math.min(perCall, count - done))
    }
  return {
    bytes: () => new Uint8Array(exported.memory.buffer as ArrayBuffer),
    reserve(bytes) {
      const missing = Math.ceil((bytes - exported.memory.buffer.byteLength) / pageBytes)
      if (missing > 0) exported.memory.grow(missing)
    },
    hashBlocks: chunked(exported.hashBlocks, blockBytes),
    hashDigests: chunked(exported.hashDigests, 32),
    foldOrdered: chunked(exported.foldOrdered, 64),
    foldSorted(base, first, last) {
      for (let to = last; to >= first; to -= perCall)
        exported.foldSorted(base, Math.max(first, to - perCall + 1), to)
    },
  }
}
