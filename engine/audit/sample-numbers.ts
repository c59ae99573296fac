import { sha256 } from '../../schema/codec/sha256.ts'

/** Draws `size` different numbers below `count`, ascending, determined by `seed`. */
export function sampleNumbers(seed: string, count: number, size: number): readonly number[] {
  return Array.from({ length: count }, (_, number) => ({
    number,
    key: sha256(`${seed}:${number}`),
  }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .slice(0, size)
    .map(({ number }) => number)
    .sort((a, b) => a - b)
}
