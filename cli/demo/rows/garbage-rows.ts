import { createSeededRandom } from '../../../gpu/training/seeded-random.ts'
import type { Row } from './row-types.ts'

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789     .,:;?!#%&*'

/** Makes rows of random characters, as an uploader would who wants to be paid for nothing. */
export function garbageRows(count: number, seed: number): Row[] {
  const random = createSeededRandom(seed)
  const text = (length: number): string =>
    Array.from({ length }, () => alphabet[random.below(alphabet.length)])
      .join('')
      .replace(/^ | $| (?= )/g, 'x')
  return Array.from({ length: count }, () => ({
    question: text(16 + random.below(16)),
    answer: text(8 + random.below(16)),
  }))
}
