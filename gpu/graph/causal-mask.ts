/**
 * Builds the additive mask [group·tokens, tokens] of 0 and −1e30; the query heads that share a key
 * head lie one after the other in the row axis.
 */
export function causalMask(group: number, tokens: number): Float32Array<ArrayBuffer> {
  const mask = new Float32Array(group * tokens * tokens)
  for (let row = 0; row < group * tokens; row++) {
    const position = row % tokens
    mask.fill(-1e30, row * tokens + position + 1, (row + 1) * tokens)
  }
  return mask
}
