import type { LinkFilter } from '../../support/tcp-link.ts'
import type { SeededRandom } from '../plan/seeded-random.ts'
import { createFrameReader, textFrame } from './frame-reader.ts'
import type { HeadFaults } from './head-faults.ts'

const endOfUpgrade = Buffer.from('\r\n\r\n')

/** Doubles, delays, drops and truncates what a node says over a WebSocket, as `faults()` asks. */
export function headFilter(random: SeededRandom, faults: () => HeadFaults): LinkFilter {
  const readFrames = createFrameReader()
  let upgraded = false
  let greeting = Buffer.alloc(0)
  let late: Buffer | undefined
  const spoil = (text: string): readonly Buffer[] => {
    const { twice = 0, late: delayed = 0, lost = 0, truncated = 0 } = faults()
    const whole = textFrame(text)
    if (random.chance(truncated)) return [textFrame(text.slice(0, Math.floor(text.length / 2)))]
    if (!text.includes('"eth_subscription"')) return [whole]
    if (random.chance(lost)) return []
    if (late !== undefined) {
      const both = [whole, late]
      late = undefined
      return both
    }
    if (random.chance(delayed)) {
      late = whole
      return []
    }
    return random.chance(twice) ? [whole, whole] : [whole]
  }
  const frames = (chunk: Buffer) =>
    readFrames(chunk).flatMap(({ bytes, text }) => (text === undefined ? [bytes] : spoil(text)))
  return {
    // Compressed messages could not be read here.
    up: (chunk) =>
      upgraded
        ? chunk
        : Buffer.from(
            chunk.toString('latin1').replace(/sec-websocket-extensions:[^\r\n]*\r\n/i, ''),
            'latin1',
          ),
    down(chunk) {
      if (upgraded) return frames(chunk)
      greeting = Buffer.concat([greeting, chunk])
      const end = greeting.indexOf(endOfUpgrade)
      if (end < 0) return []
      upgraded = true
      const split = end + endOfUpgrade.length
      return [greeting.subarray(0, split), ...frames(greeting.subarray(split))]
    },
  }
}
