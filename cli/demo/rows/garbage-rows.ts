import type { Row } from './row-types.ts'
import { seededRandom } from './seeded-random.ts'

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789     .,:;?!#%&*'

/** Makes rows of random characters, as an uploader would who wants to be paid for nothing. */
export function garbageRows(count: number, seed: number): Row[] {
  const random = seededRandom(seed)
  const text = (length: number): string =>
    Array.from({ length }, () => alphabet[random.integer(alphabet.length)])
      .join('')
      .replace(/^ | $| (?= )/g, 'x')
  return Array.from({ length: count }, () => ({
    question: text(16 + random.integer(16)),
    answer: text(8 + random.integer(16)),
  }))
}
