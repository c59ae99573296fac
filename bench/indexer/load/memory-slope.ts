import type { MemorySample } from './watch-memory.ts'

/**
 * Slope of a part's resident set over the second half of a run, in MiB per run: what it would grow
 * by in another one. Least squares; the first half is left to caches and the heap to settle.
 */
export function memorySlope(samples: readonly MemorySample[], part: string): number {
  const half = samples.slice(samples.length >> 1)
  const run = samples.at(-1)?.seconds ?? 0
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
  const times = half.map((sample) => sample.seconds)
  const sizes = half.map((sample) => sample.rssMb[part] ?? 0)
  const [time, size] = [mean(times), mean(sizes)]
  const spread = times.reduce((sum, at) => sum + (at - time) ** 2, 0)
  const common = times.reduce((sum, at, i) => sum + (at - time) * ((sizes[i] ?? 0) - size), 0)
  return spread === 0 ? 0 : Math.round((common / spread) * run * 10) / 10
}
