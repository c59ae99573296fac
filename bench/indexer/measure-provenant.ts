import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { migrate } from '../../indexer/project/migrate.ts'
import type { BenchDatabase } from './bench-services.ts'
import type { BurstChain } from './burst-chain.ts'
import { finality } from './measure-peers.ts'
import { type RunningProcess, runProcess } from './run-process.ts'
import { measureWallClock, type WallClock } from './wall-clock.ts'

/** Starts a command as `tools/run.mjs` does. */
const launcher = join(import.meta.dirname, '../../tools/run-bundle.mjs')

export interface ProvenantClock extends WallClock {
  /** Of each process since its start; the event log was there before. */
  readonly cpuSeconds: Readonly<
    Record<'eventLogBefore' | 'eventLog' | 'indexer' | 'projector', number | undefined>
  >
}

/** Makes the bundles, which a first start would do, as `npm ci` made the packages. */
export async function prepareBundles(): Promise<void> {
  for (const command of ['indexer', 'projector'])
    await promisify(execFile)(process.execPath, [launcher, command, '--help'])
}

/**
 * Provenant as it is deployed: an event log that runs already, as PostgreSQL does, and an indexer
 * and a projector as processes that are started together.
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
    const eventLogUrl = await log.firstLine
    const shared = {
      PROVENANT_CHAIN_ID: String(chain.chainId),
      PROVENANT_EVENTSTORE_URL: eventLogUrl,
    }
    const ofIndexer = {
      PROVENANT_RPC_URL: chain.url,
      PROVENANT_DEPLOYMENT: deployment,
      PROVENANT_FINALITY: String(finality),
    }
    const eventLogBefore = log.cpuSeconds()
    const clock = await measureWallClock({
      ...{ databaseUrl, events: chain.events, timeoutSeconds: 120 },
      start: () => {
        const processes = [
          runProcess([launcher, 'indexer'], { env: { ...shared, ...ofIndexer } }),
          runProcess([launcher, 'projector'], {
            env: { ...shared, PROVENANT_DATABASE_URL: databaseUrl },
          }),
        ]
        running.push(...processes)
        return processes
      },
    })
    const [eventLog, indexer, projector] = running.map((process) => process.cpuSeconds())
    return { ...clock, cpuSeconds: { eventLogBefore, eventLog, indexer, projector } }
  } finally {
    for (const process of running.reverse()) await process[Symbol.asyncDispose]()
    await rm(dir, { recursive: true, force: true })
  }
}
