import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findFreePort } from '../../../cli/services/find-free-port.ts'
import { migrate } from '../../../indexer/project/migrate.ts'
import type { BurstChain } from '../burst-chain.ts'
import { type RunningProcess, runProcess } from '../run-process.ts'

const root = join(import.meta.dirname, '../../..')
const typescript = ['--import', import.meta.resolve('tsx')]

export interface StackOptions {
  readonly chain: Pick<BurstChain, 'url' | 'chainId' | 'deployment'>
  /** What the indexer asks; its own URL over WebSocket where it follows heads. */
  readonly rpcUrl?: string
  /** Creates an empty database. */
  readonly createDatabase: () => Promise<string>
  readonly finality: number
  /** Starts GraphQL too. */
  readonly api?: boolean
}

/** Every part of the indexer as a process of its own, as it is deployed. */
export interface BenchStack extends AsyncDisposable {
  readonly databaseUrl: string
  /** Database of the event log. */
  readonly logDatabaseUrl: string
  readonly eventLogUrl: string
  readonly apiUrl: string | undefined
  /** When indexer and projector were started, on the clock of `performance.now()`. */
  readonly started: number
  /** Process ids by part. */
  readonly pids: Readonly<Record<string, number>>
  /** Rejects when a part ends by itself. */
  readonly ended: Promise<never>
  /** What a part says about itself at `/health`. */
  health(part: 'indexer' | 'projector'): Promise<Readonly<Record<string, unknown>>>
  /** Runs another command of the program beside them and waits for its JSON. */
  command(args: readonly string[]): Promise<Readonly<Record<string, unknown>>>
}

/** Starts event log, indexer and projector, and GraphQL if wanted; the chain is there already. */
export async function startStack(options: StackOptions): Promise<BenchStack> {
  const { chain, createDatabase, rpcUrl = chain.url } = options
  const databaseUrl = await createDatabase()
  const logDatabaseUrl = await createDatabase()
  await migrate(databaseUrl)
  const dir = await mkdtemp(join(tmpdir(), 'provenant-bench-'))
  const deployment = join(dir, 'deployment.json')
  await writeFile(deployment, JSON.stringify(chain.deployment))
  const running: RunningProcess[] = []
  const start = (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const process = runProcess(args, { env })
    running.push(process)
    return process
  }
  const close = async () => {
    for (const process of running.reverse()) await process[Symbol.asyncDispose]()
    await rm(dir, { recursive: true, force: true })
  }
  try {
    const log = start([
      ...typescript,
      join(import.meta.dirname, '../serve-event-log.ts'),
      logDatabaseUrl,
    ])
    const eventLogUrl = await log.firstLine
    const ports = { indexer: await findFreePort(), projector: await findFreePort() }
    const apiPort = await findFreePort()
    const env = {
      PROVENANT_RPC_URL: chain.url,
      PROVENANT_CHAIN_ID: String(chain.chainId),
      PROVENANT_DATABASE_URL: databaseUrl,
      PROVENANT_EVENTSTORE_URL: eventLogUrl,
      PROVENANT_DEPLOYMENT: deployment,
      PROVENANT_FINALITY: String(options.finality),
      PROVENANT_LOG_LEVEL: 'warn',
    }
    const main = join(root, 'cli/main.ts')
    const bundled = join(root, 'tools/run-bundle.mjs')
    const started = performance.now()
    const indexer = start([bundled, 'indexer'], {
      ...{ ...env, PROVENANT_RPC_URL: rpcUrl },
      PROVENANT_METRICS_PORT: String(ports.indexer),
    })
    const projector = start([bundled, 'projector'], {
      ...{ ...env, PROVENANT_METRICS_PORT: String(ports.projector) },
    })
    const apiUrl = options.api ? `http://127.0.0.1:${apiPort}/graphql` : undefined
    const api = options.api
      ? start([...typescript, main, 'api'], { ...env, PROVENANT_API_PORT: String(apiPort) })
      : undefined
    const ended = Promise.race(running.map((process) => process.ended))
    ended.catch(() => undefined)
    const health = async (part: 'indexer' | 'projector') =>
      (await fetch(`http://127.0.0.1:${ports[part]}/health`)).json() as never
    await Promise.race([ended, untilServed(() => Promise.all(parts.map(health)))])
    if (apiUrl !== undefined)
      await Promise.race([ended, untilServed(() => fetch(apiUrl.replace('graphql', 'health')))])
    return {
      ...{ databaseUrl, logDatabaseUrl, eventLogUrl, apiUrl, started, ended, health },
      pids: {
        ...{ indexer: indexer.pid, 'event-log': log.pid, projector: projector.pid },
        ...(api === undefined ? {} : { api: api.pid }),
      },
      async command(args) {
        const process = runProcess([...typescript, main, ...args, '--json'], { env })
        try {
          // Its exit is the end of the wait, whatever the code: JSON says the rest.
          await process.ended.catch(() => undefined)
          const output = process.output()
          return JSON.parse(output.slice(output.indexOf('{'))) as never
        } finally {
          await process[Symbol.asyncDispose]()
        }
      },
      [Symbol.asyncDispose]: close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

const parts = ['indexer', 'projector'] as const

async function untilServed(ask: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await ask()
      return
    } catch (error) {
      if (tries === 600) throw error
      await sleep(100)
    }
  }
}
