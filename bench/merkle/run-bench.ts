import { join } from 'node:path'
import { atLeast, atMost, type BenchOutcome } from '../bench-result.ts'
import { runChild } from '../run-child.ts'

interface Measured {
  readonly leaves: number
  readonly root: string
  readonly seconds: number
  readonly peakMb: number
}

const sizes = [10_000, 100_000, 1_000_000]
const repeats = 3

/**
 * Builds contribution trees with all proofs, and reward trees, beside `@openzeppelin/merkle-tree`.
 *
 * Seconds are the median of three processes; the peer builds its tree once per size and gives 1,000
 * proofs, because all proofs would take it minutes.
 */
export async function runBench(report: (line: string) => void): Promise<BenchOutcome> {
  const contribution: Measured[] = []
  const reward: Measured[] = []
  const openzeppelin: Measured[] = []
  for (const leaves of sizes) {
    report(`${leaves} leaves`)
    contribution.push(await median('measure-kernel', leaves))
    reward.push(await median('measure-reward-tree', leaves))
    openzeppelin.push(await measure('measure-openzeppelin', leaves))
  }
  const sameRoots = sizes.every((_, i) => contribution[i]!.root === openzeppelin[i]!.root)
  const [, at1e5, at1e6] = contribution
  return {
    results: { contribution, reward, openzeppelin, sameRoots },
    goals: [
      atMost('merkle-1e6-seconds', 2.5, at1e6!.seconds, 's'),
      atLeast('merkle-vs-openzeppelin-1e5', 40, openzeppelin[1]!.seconds / at1e5!.seconds, 'x'),
      atMost('merkle-1e6-peak-mb', 400, at1e6!.peakMb, 'MB'),
      atLeast('merkle-roots-equal-openzeppelin', 1, sameRoots ? 1 : 0, 'bool'),
    ],
  }
}

const measure = (name: string, leaves: number): Promise<Measured> =>
  runChild(join(import.meta.dirname, `${name}.ts`), [String(leaves)])

async function median(name: string, leaves: number): Promise<Measured> {
  const runs: Measured[] = []
  for (let i = 0; i < repeats; i++) runs.push(await measure(name, leaves))
  return runs.toSorted((a, b) => a.seconds - b.seconds)[repeats >> 1]!
}
