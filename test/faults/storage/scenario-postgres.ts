import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { findFreePort } from '../../../cli/services/find-free-port.ts'
import { type Postgres, startPostgres } from '../../../cli/services/start-postgres.ts'
import { migrate } from '../../../indexer/project/migrate.ts'

/** A PostgreSQL that may be killed, and that is started again. */
export interface ScenarioPostgres extends AsyncDisposable {
  readonly port: number
  /** URL of the maintenance database. */
  readonly url: string
  /** Makes a database with the tables of the read model in it. */
  createDatabase(name: string): Promise<string>
  dropDatabase(name: string): Promise<void>
  /** Kills the server, waits and starts it again. */
  kill(down: () => Promise<void>): Promise<void>
  /** Kills one of the processes that serve a database; the server ends all others then. */
  killBackend(database: string): Promise<void>
  /** Begins a new file of the write-ahead log, which needs 16 MiB of space. */
  beginLogFile(): Promise<void>
  /** Starts the server again if it gave up. */
  revive(): Promise<void>
}

/** @param dir the cluster lies in `dir/data`, which may be a volume of its own. */
export async function startScenarioPostgres(
  dir: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<ScenarioPostgres> {
  const port = await findFreePort()
  const start = () =>
    startPostgres({
      ...{ dir, port, detached: true },
      settings: { fsync: 'off', max_connections: '100', shared_buffers: '32MB', ...settings },
    })
  let server: Postgres = await start()
  const { url } = server
  const databaseUrl = (name: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href
  await query(url, 'CREATE DATABASE model')
  await migrate(databaseUrl('model'))

  /** A server whose processes are not all gone yet refuses to start. */
  const startAgain = async () => {
    for (let tries = 0; ; tries++) {
      try {
        server = await start()
        return
      } catch (error) {
        if (tries === 20) throw error
        await sleep(200)
      }
    }
  }
  let kills: Promise<void> = Promise.resolve()
  return {
    ...{ port, url },
    async createDatabase(name) {
      await query(url, `CREATE DATABASE ${name} TEMPLATE model`)
      return databaseUrl(name)
    },
    dropDatabase: (name) =>
      query(url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`).then(noResult),
    kill(down) {
      // One kill may come while the server is still down from the one before.
      const killed = kills.then(async () => {
        if (isRunning(server.pid)) process.kill(server.pid, 'SIGKILL')
        await down()
        await startAgain()
      })
      kills = killed.catch(noResult)
      return killed
    },
    async killBackend(database) {
      const oldest = `SELECT pid FROM pg_stat_activity WHERE datname = '${database}' ORDER BY pid`
      // A server that comes back from a crash has no such process.
      const rows = await queryOnce(url, oldest).catch(() => [])
      const pid = Number(rows[0]?.['pid'] ?? 0)
      if (isRunning(pid)) process.kill(pid, 'SIGKILL')
    },
    beginLogFile: () => queryOnce(url, 'SELECT pg_switch_wal()').then(noResult, noResult),
    async revive() {
      if (isRunning(server.pid)) return
      await startAgain()
    },
    [Symbol.asyncDispose]: () => server.close(),
  }
}

const noResult = () => undefined

/** A process that ended and was not waited for yet counts as gone. */
function isRunning(pid: number): boolean {
  if (pid === 0) return false
  try {
    process.kill(pid, 0)
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

/** Repeats a statement while the server comes back from a crash. */
async function query(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  for (let tries = 1; ; tries++) {
    try {
      return await queryOnce(url, sql)
    } catch (error) {
      if (tries === 50 || !isComingBack(error)) throw error
      await sleep(200)
    }
  }
}

/** Connections that fail have a code of the system, servers that start or stop one of class 57. */
const isComingBack = (error: unknown): boolean =>
  error instanceof Error &&
  (/terminated|timeout/.test(error.message) ||
    ('code' in error && /^(E[A-Z]+|57P0\d)$/.test(String(error.code))))

async function queryOnce(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 })
  client.on('error', noResult)
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end().catch(noResult)
  }
}
