import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '../../indexer/project/migrate.ts'
import type { BenchDatabase } from './bench-services.ts'
import type { BurstChain } from './burst-chain.ts'
import { finality } from './measure-peers.ts'
import { type RunningProcess, runProcess } from './run-process.ts'
import { measureWallClock, type WallClock } from './wall-clock.ts'

export interface ProvenantClock extends WallClock {
  /** Of each process since its start; the event log was there before. */
  readonly cpuSeconds: Readonly<Record<'eventLog' | 'indexer' | 'projector', number | undefined>>
}

const root = join(import.meta.dirname, '../..')

/**
 * Provenant as it is deployed: an event log that runs already, and an indexer and a projector as
 * processes that are started together.
 */
export async function measureProvenant(
  database: BenchDatabase,
  chain: BurstChain,
): Promise<ProvenantClock> {
  const databaseUrl = await database.create()
  await migrate(databaseUrl)
  const dir = await mkdtemp(join(tmpdir(), 'provenant-bench-'))
  const running: RunningProcess[] = []
  try {
    const deployment = join(dir, 'deployment.json')
    await writeFile(deployment, JSON.stringify(chain.deployment))
    const log = runProcess([
      ...['--import', import.meta.resolve('tsx')],
      ...[join(import.meta.dirname, 'serve-event-log.ts'), await database.create()],
    ])
    running.push(log)
    const env = {
      PROVENANT_RPC_URL: chain.url,
      PROVENANT_CHAIN_ID: String(chain.chainId),
      PROVENANT_DATABASE_URL: databaseUrl,
      PROVENANT_EVENTSTORE_URL: await log.firstLine,
      PROVENANT_DEPLOYMENT: deployment,
      PROVENANT_FINALITY: String(finality),
    }
    const clock = await measureWallClock({
      ...{ databaseUrl, events: chain.events, timeoutSeconds: 120 },
      start: () => {
        const processes = ['indexer', 'projector'].map((command) =>
          runProcess([join(root, 'tools/run-bundle.mjs'), command], { env }),
        )
        running.push(...processes)
        return processes
      },
    })
    const [eventLog, indexer, projector] = running.map((process) => process.cpuSeconds())
    return { ...clock, cpuSeconds: { eventLog, indexer, projector } }
  } finally {
    for (const process of running.reverse()) await process[Symbol.asyncDispose]()
    await rm(dir, { recursive: true, force: true })
  }
}
