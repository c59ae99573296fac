import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startPostgres } from '../../cli/services/start-postgres.ts'

export interface BenchLog extends AsyncDisposable {
  readonly connectionString: string
  readonly databaseUrl: string
  /** Process id of the event log's server. */
  readonly pid: number
  /** A folder on the disk that the log is on. */
  readonly dir: string
}

/** Starts PostgreSQL with its defaults, so with fsync, and the event log as two processes. */
export async function startLog(): Promise<BenchLog> {
  const dir = await mkdtemp(join(tmpdir(), 'provenant-bench-'))
  // As root the database runs as `nobody`, who must be able to walk into the folder.
  await chmod(dir, 0o755)
  const postgres = await startPostgres({ dir: join(dir, 'postgres') })
  const child = spawn(
    process.execPath,
    [
      ...(process.env['BENCH_CPU_PROF'] ? ['--cpu-prof', '--cpu-prof-dir', tmpdir()] : []),
      '--import',
      import.meta.resolve('tsx'),
      fileURLToPath(new URL('./serve-log.ts', import.meta.url)),
      postgres.url,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const [line] = await once(child.stdout, 'data')
  return {
    connectionString: String(line).trim(),
    databaseUrl: postgres.url,
    pid: child.pid ?? 0,
    dir,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await once(child, 'exit')
      await postgres.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
