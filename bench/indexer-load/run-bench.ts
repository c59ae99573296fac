import { atLeast, atMost, type BenchOutcome } from '../bench-result.ts'
import { measureDay } from '../indexer/load/measure-day.ts'
import { measureLoad } from '../indexer/load/measure-load.ts'

/** Indexes a million events, and then a day of blocks as they come; memory has to stay bounded. */
export async function runBench(report: (line: string) => void): Promise<BenchOutcome> {
  const load = await measureLoad(report)
  const day = await measureDay(report)
  const right =
    load.results.countsEqual && load.results.wrongRows.length === 0 && day.results.verified
  return {
    results: { load: load.results, day: day.results },
    goals: [
      atMost('peak-rss-mb', 400, load.peakRssMb, 'MB'),
      atMost('day-peak-rss-mb', 400, day.peakRssMb, 'MB'),
      atLeast('tables-equal-chain', 1, right ? 1 : 0, 'bool'),
    ],
  }
}
