/** Measures the longest run of characters (UTF-16 units) that both texts contain. */
export function longestCommonSubstring(a: string, b: string): number {
  let longest = 0
  let previous = new Uint32Array(b.length + 1)
  let current = new Uint32Array(b.length + 1)
  for (let i = 0; i < a.length; i++) {
    const unit = a.charCodeAt(i)
    for (let j = 0; j < b.length; j++) {
      const run = unit === b.charCodeAt(j) ? previous[j]! + 1 : 0
      current[j + 1] = run
      if (run > longest) longest = run
    }
    ;[previous, current] = [current, previous]
  }
  return longest
}
