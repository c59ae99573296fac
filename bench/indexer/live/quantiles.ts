export interface Quantiles {
  readonly p50: number
  readonly p95: number
  readonly max: number
}

/** Median, 95th percentile (nearest rank) and maximum, to a tenth. */
export function quantiles(values: readonly number[]): Quantiles {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
  const round = (value: number) => Math.round(value * 10) / 10
  return { p50: round(at(0.5)), p95: round(at(0.95)), max: round(at(1)) }
}
