import { execFile } from 'node:child_process'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { atLeast, atMost, type BenchOutcome } from '../bench-result.ts'
import { type BenchDatabase, startBenchDatabase } from './bench-services.ts'
import { type BurstChain, type BurstPlan, startBurstChain } from './burst-chain.ts'
import { installPonder } from './install-peer.ts'
import { measureLive } from './live/measure-live.ts'
import { measureLoad } from './load/measure-load.ts'
import { finality, measurePonder, measureSquid } from './measure-peers.ts'
import { measureProvenant, prepareBundles } from './measure-provenant.ts'
import { median } from './median.ts'

/** Fills of one chain each: 20,000 events in 2,001 blocks, and 10,000 events in 20,001 blocks. */
const plans: Readonly<Record<'dense' | 'sparse', BurstPlan>> = {
  dense: { blocks: 2000, every: 1, perBurst: 10 },
  sparse: { blocks: 20_000, every: 20, perBurst: 10 },
}

const repeats = 3

/**
 * Indexes the same two chains with Provenant, plain Subsquid and Ponder, each from the start of its
 * processes until every row is visible, and then measures live latency and a load of 1,000,000.
 *
 * Provenant and Subsquid run three times and the median counts; Ponder runs once as it ships, which
 * its own limit on requests decides, and three times without that limit.
 */
export async function runBench(report: (line: string) => void): Promise<BenchOutcome> {
  report('installing Ponder and Subsquid into the temporary folder')
  await installPonder('lifted')
  await prepareBundles()
  const dense = await comparePlan('dense', report)
  const sparse = await comparePlan('sparse', report)
  report('live latency')
  const live = await measureLive(report)
  report('load of 1,000,000 events')
  const load = await measureLoad(report)
  const ours = dense.medians.provenant
  return {
    results: {
      versions: await readVersions(),
      finality,
      method:
        'wall clock from the start of the processes until another connection sees every row; ' +
        'medians; event log, PostgreSQL with fsync and anvil run beside them on the same machine',
      ...{ dense, sparse, live: live.results, load: load.results },
    },
    goals: [
      atLeast('dense-events-per-second', 9000, Math.round(dense.events / ours), 'events/s'),
      atLeast('dense-vs-ponder-unthrottled', 5, dense.medians.ponderUnthrottled / ours, 'x'),
      atLeast(
        'sparse-vs-ponder-unthrottled',
        5,
        sparse.medians.ponderUnthrottled / sparse.medians.provenant,
        'x',
      ),
      atLeast('dense-vs-plain-squid', 1, dense.medians.squid / ours, 'x'),
      atMost('live-p50-ms', 60, live.p50, 'ms'),
      atMost('live-p95-ms', 150, live.p95, 'ms'),
      atMost('peak-rss-mb', 400, load.peakRssMb, 'MB'),
    ],
  }
}

async function comparePlan(name: keyof typeof plans, report: (line: string) => void) {
  const plan = plans[name]
  report(`${name}: making the chain`)
  await using chain = await startBurstChain()
  await chain.fill(plan)
  await using database = await startBenchDatabase()
  const run = async <Clock extends { readonly seconds: number }>(
    who: string,
    times: number,
    measure: (database: BenchDatabase, chain: BurstChain) => Promise<Clock>,
  ) => {
    const clocks: (Clock & { readonly loadBefore: number })[] = []
    for (let i = 0; i < times; i++) {
      const loadBefore = Math.round((loadavg()[0] ?? 0) * 10) / 10
      const clock = await measure(database, chain)
      report(`${name}: ${who} ${clock.seconds.toFixed(2)} s (load ${loadBefore})`)
      clocks.push({ ...clock, loadBefore })
    }
    return clocks
  }
  const ponder = (limit: 'default' | 'lifted') => (base: BenchDatabase, on: BurstChain) =>
    measurePonder(base, on, limit)
  // The first run of a machine reads everyone's files from disk.
  await measureProvenant(database, chain)
  await measureSquid(database, chain)
  const runs = {
    provenant: await run('Provenant', repeats, measureProvenant),
    squid: await run('plain Subsquid', repeats, measureSquid),
    ponderUnthrottled: await run('Ponder without its limit', repeats, ponder('lifted')),
    ponder: await run('Ponder', 1, ponder('default')),
  }
  const medians = Object.fromEntries(
    Object.entries(runs).map(([who, clocks]) => [
      who,
      median(clocks.map(({ seconds }) => seconds)),
    ]),
  ) as Readonly<Record<keyof typeof runs, number>>
  const { events } = chain
  const blocks = (await chain.height()) + 1
  return { events, blocks, postgres: database.settings, medians, runs }
}

async function readVersions(): Promise<Readonly<Record<string, string>>> {
  const root = join(import.meta.dirname, '../..')
  const git = (...args: string[]) => promisify(execFile)('git', args, { cwd: root })
  const commit = await git('rev-parse', 'HEAD').catch(() => ({ stdout: 'unknown' }))
  const changed = await git('status', '--porcelain').catch(() => ({ stdout: '' }))
  return {
    provenant: `${commit.stdout.trim()}${changed.stdout === '' ? '' : ' with changes'}`,
    node: process.version,
    anvil: '1.7.1',
    squid: '@subsquid/evm-processor 1.27.3, @subsquid/typeorm-store 1.5.1',
    ponder: '0.16.10',
  }
}
