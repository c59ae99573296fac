/** Sums the squares of int8 codes exactly; fewer than 2^39 codes stay a safe integer. */
export function sumSquares(codes: Int8Array): bigint {
  let sum = 0
  for (let i = 0; i < codes.length; i++) sum += codes[i]! * codes[i]!
  return BigInt(sum)
}
