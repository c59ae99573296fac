/** Draws int8 codes in [-127, 127] from a seed; one in eight is an extreme. */
export function randomCodes(length: number, seed: number): Int8Array {
  let state = seed >>> 0
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state >>> 8
  }
  return Int8Array.from({ length }, () => {
    const draw = next()
    if (draw % 8 === 0) return draw % 16 === 0 ? 127 : -127
    return (draw % 255) - 127
  })
}
