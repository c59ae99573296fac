import type { Hex } from '../schema/events/event.ts'

/** Draws one 32-byte salt per row; whoever guesses a salt can test guesses of the row's text. */
export function drawSalts(
  count: number,
  randomBytes: (size: number) => Uint8Array,
): readonly Hex[] {
  return Array.from(
    { length: count },
    (): Hex => `0x${Buffer.from(randomBytes(32)).toString('hex')}`,
  )
}
