import { mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createEventLog } from '../../../eventlog/client/create-event-log.ts'
import { chainStream } from '../../../schema/events/streams.ts'
import { startBenchDatabase } from '../bench-services.ts'
import { startBurstChain } from '../burst-chain.ts'
import { blocksPerDay } from './day-traffic.ts'
import { query } from './disk-usage.ts'
import { ours } from './measure-load.ts'
import { memorySlope } from './memory-slope.ts'
import { simulateDay } from './simulate-day.ts'
import { type BenchStack, startStack } from './start-stack.ts'
import { watchMemory } from './watch-memory.ts'

export interface DayOptions {
  /** @default 43200 */
  readonly blocks?: number
  /** Where the databases are; by default in a PostgreSQL of their own. */
  readonly database?: { readonly pid?: number; create(): Promise<string> } & AsyncDisposable
}

const finality = 10

/**
 * Indexes 24 hours of chain, a block every two seconds of its time, as they come, with reorgs and a
 * restart of the node on the way, and compares chain, log and tables at the end.
 */
export async function measureDay(
  report: (line: string) => void,
  { blocks = blocksPerDay, ...options }: DayOptions = {},
) {
  const loadBefore = loadavg()[0]
  const dir = await mkdtemp(join(tmpdir(), 'provenant-bench-day-'))
  try {
    await using chain = await startBurstChain({
      stateFile: join(dir, 'chain.json'),
      args: ['--timestamp', '1700000000'],
    })
    await chain.fill({ blocks: 2 * finality, every: 1, perBurst: 3 })
    await using database = options.database ?? (await startBenchDatabase())
    await using stack = await startStack({
      ...{ chain, createDatabase: () => database.create(), finality },
      rpcUrl: chain.url.replace('http', 'ws'),
    })
    using memory = watchMemory(() => ({
      ...{ ...stack.pids, anvil: chain.pid },
      ...(database.pid === undefined ? {} : { postgres: database.pid }),
    }))
    const began = await timestamp(chain, 'latest')
    const started = performance.now()
    await simulateDay(chain, stack, blocks, report)
    const seconds = Math.round((performance.now() - started) / 100) / 10
    await untilProjected(stack, chain.chainId)
    const parts = memory.parts()
    const status = await stack.health('indexer')
    const verdict = await stack.command(['verify'])
    const chainSeconds = (await timestamp(chain, 'latest')) - began
    const peakRssMb = Math.max(...ours.map((name) => parts[name]?.peakMb ?? 0))
    const verified = verdict['ok'] === true
    const results = {
      ...{ blocks: await chain.height(), chainHours: chainSeconds / 3600, seconds },
      ...{ blocksPerSecond: Math.round(blocks / seconds), timesFaster: chainSeconds / seconds },
      ...{ facts: verdict['facts'], verified, verdict: verified ? undefined : verdict },
      ...{ revertedBlocks: status['revertedBlocks'], deepReorgs: status['deepReorgs'] },
      ...{ restarts: status['restarts'], memoryMb: parts },
      slopeMbPerRun: Object.fromEntries(
        ours.map((name) => [name, memorySlope(memory.samples, name)]),
      ),
      loadAverage: { before: loadBefore, after: loadavg()[0] },
    }
    report(`day: ${seconds} s, peak ${peakRssMb} MB, ${verified ? 'all equal' : 'DIFFERENT'}`)
    return { results, peakRssMb }
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

async function timestamp(
  chain: { rpc<T>(method: string, params: readonly unknown[]): Promise<T> },
  block: string,
): Promise<number> {
  const header = await chain.rpc<{ timestamp: string }>('eth_getBlockByNumber', [block, false])
  return Number(header.timestamp)
}

/** Waits until the last event of the log is in the tables. */
async function untilProjected(stack: BenchStack, chainId: number): Promise<void> {
  await using eventLog = createEventLog({ connectionString: stack.eventLogUrl })
  for (let tries = 0; tries < 600; tries++) {
    const last = await eventLog.readLast(chainStream(chainId))
    const [row] = await query<{ position: string }>(
      stack.databaseUrl,
      'SELECT position FROM projection_checkpoint',
    )
    if (BigInt(row?.position ?? -1) >= (last?.position ?? 0n)) return
    await sleep(100)
  }
  throw new Error('the tables do not catch up with the log')
}
