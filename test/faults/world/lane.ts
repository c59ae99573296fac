import { chmodSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createWorkerPool, type WorkerPool } from '../processes/worker-pool.ts'
import { type ScenarioPostgres, startScenarioPostgres } from '../storage/scenario-postgres.ts'
import { mountSmallVolume, type SmallVolume } from '../storage/small-volume.ts'

/** PostgreSQL on a volume that can be filled. */
export interface SmallPostgres {
  readonly postgres: ScenarioPostgres
  readonly volume: SmallVolume
}

/** What scenarios that run one after the other share. */
export interface Lane extends AsyncDisposable {
  readonly dir: string
  readonly workers: WorkerPool
  postgres(): Promise<ScenarioPostgres>
  /** Undefined where this machine permits no volume of its own. */
  smallPostgres(): Promise<SmallPostgres | undefined>
}

const volumeMebibytes = 256

/** Opens a lane; databases start when they are asked for. */
export function openLane(): Lane {
  const dir = mkdtempSync(join(tmpdir(), 'provenant-faults-'))
  // PostgreSQL runs as `nobody` where the suite runs as root.
  chmodSync(dir, 0o755)
  const workers = createWorkerPool()
  let postgres: Promise<ScenarioPostgres> | undefined
  let small: Promise<SmallPostgres | undefined> | undefined

  async function openSmall(): Promise<SmallPostgres | undefined> {
    const home = join(dir, 'small')
    const volume = mountSmallVolume(join(home, 'data'), volumeMebibytes)
    if (volume === undefined) return undefined
    const settings = { min_wal_size: '32MB', max_wal_size: '64MB' }
    return { volume, postgres: await startScenarioPostgres(home, settings) }
  }
  return {
    ...{ dir, workers },
    postgres: () => (postgres ??= startScenarioPostgres(join(dir, 'postgres'))),
    smallPostgres: () => (small ??= openSmall()),
    async [Symbol.asyncDispose]() {
      await workers[Symbol.asyncDispose]()
      await (await postgres?.catch(() => undefined))?.[Symbol.asyncDispose]()
      const opened = await small?.catch(() => undefined)
      await opened?.postgres[Symbol.asyncDispose]()
      opened?.volume[Symbol.dispose]()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
