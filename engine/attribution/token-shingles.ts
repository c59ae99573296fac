import { canonicalText } from './canonical-text.ts'

/**
 * Hashes every run of `size` words of a text to 32 bits (FNV-1a over UTF-16 units).
 *
 * A text with fewer words is one shingle.
 */
export function tokenShingles(text: string, size: number): ReadonlySet<number> {
  const words = canonicalText(text).match(/[\p{L}\p{N}_]+/gu) ?? []
  const shingles = new Set<number>()
  for (let at = 0; at <= Math.max(0, words.length - size); at++) {
    shingles.add(fnv1a(words.slice(at, at + size).join(' ')))
  }
  return shingles
}

function fnv1a(text: string): number {
  let hash = 0x811c_9dc5
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x0100_0193)
  }
  return hash >>> 0
}
