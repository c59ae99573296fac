/** Divides integers, half away from zero; `divisor` is positive. */
export function divideRounded(dividend: bigint, divisor: bigint): bigint {
  const half = divisor / 2n
  return dividend < 0n ? -((half - dividend) / divisor) : (dividend + half) / divisor
}
