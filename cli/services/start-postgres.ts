import { type ChildProcess, spawn } from 'node:child_process'
import { chownSync, existsSync } from 'node:fs'
import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { BaseError } from '../../schema/errors.ts'
import { findFreePort } from './find-free-port.ts'
import { installPostgres } from './install-postgres.ts'
import { runToEnd } from './run-to-end.ts'
import { stopChild } from './stop-child.ts'
import { stopOnExit } from './stop-on-exit.ts'

/** uid and gid of `nobody` on Debian-like systems: PostgreSQL refuses to run as root. */
const nobody = 65_534

export interface Postgres {
  /** Connection string of the maintenance database. */
  readonly url: string
  readonly pid: number
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Starts a private PostgreSQL cluster under `dir`, on a port chosen by the OS, and waits until it answers.
 *
 * The cluster is created on first use and kept for the next start.
 *
 * @throws `DATABASE_UNAVAILABLE` when it does not answer within 30 s.
 */
export async function startPostgres(options: {
  dir: string
  port?: number
  settings?: Readonly<Record<string, string>>
  /** Keeps Ctrl-C of a terminal away, so that whoever started it decides when it stops. */
  detached?: boolean
}): Promise<Postgres> {
  const root = process.getuid?.() === 0
  const identity = root ? { uid: nobody, gid: nobody } : {}
  const data = join(options.dir, 'data')
  await mkdir(options.dir, { recursive: true })
  if (root) chownSync(options.dir, nobody, nobody)
  await chmod(options.dir, 0o755)
  const native = await installPostgres(join(options.dir, 'native'))
  const env = { LD_LIBRARY_PATH: join(native, 'lib'), PATH: process.env['PATH'] ?? '', LC_ALL: 'C' }
  if (!existsSync(join(data, 'PG_VERSION'))) {
    await runToEnd(
      join(native, 'bin/initdb'),
      ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'],
      { ...identity, env, cwd: options.dir },
    )
  }
  const port = options.port ?? (await findFreePort())
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    ...options.settings,
  }
  const child = spawn(
    join(native, 'bin/postgres'),
    [
      ...['-D', data, '-p', String(port)],
      ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
    ],
    {
      ...{ ...identity, env, cwd: options.dir, stdio: ['ignore', 'ignore', 'pipe'] },
      detached: options.detached ?? false,
    },
  )
  stopOnExit(child, 'SIGINT')
  const log = collectTail(child)
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`
  await waitForPostgres(url, child, log)
  let closing: Promise<void> | undefined
  const close = () => (closing ??= stopChild(child, 'SIGINT', 10_000))
  return { url, pid: child.pid ?? 0, close, [Symbol.asyncDispose]: close }
}

async function waitForPostgres(url: string, child: ChildProcess, log: () => string): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null || child.signalCode !== null) break
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1000 })
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.end()
      return
    } catch {
      await sleep(100)
    }
  }
  await stopChild(child, 'SIGKILL', 1000)
  throw new BaseError('DATABASE_UNAVAILABLE', { facts: { url, log: log() } })
}

function collectTail(child: ChildProcess): () => string {
  let tail = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    tail = (tail + chunk.toString('utf8')).slice(-2000)
  })
  return () => tail
}
