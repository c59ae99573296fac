import { join } from 'node:path'
import { toEventSelector } from 'viem'
import { findFreePort } from '../../cli/services/find-free-port.ts'
import { migrate } from '../../indexer/project/migrate.ts'
import type { BenchDatabase } from './bench-services.ts'
import type { BurstChain } from './burst-chain.ts'
import { installPeer, installPonder } from './install-peer.ts'
import { type RunningProcess, runProcess } from './run-process.ts'
import { measureWallClock, type WallClock } from './wall-clock.ts'

/** Confirmations after which a block counts as final, for everyone who lets it be said. */
export const finality = 10

const topics = {
  DatanetCreated: toEventSelector('DatanetCreated(uint256,address,bytes32,string,uint16)'),
  ContributionSubmitted: toEventSelector(
    'ContributionSubmitted(uint256,uint256,address,bytes32,uint32,uint64,bytes32)',
  ),
  TrainingRunRecorded: toEventSelector(
    'TrainingRunRecorded(uint256,uint256,address,bytes32,bytes32,bytes32,bytes32)',
  ),
  ModelVersionPublished: toEventSelector('ModelVersionPublished(uint256,uint32,uint256,bytes32)'),
}

const describeContracts = ({ deployment }: BurstChain) =>
  JSON.stringify({
    datanets: deployment.addresses.datanets,
    models: deployment.addresses.models,
    topics,
  })

/** Plain Subsquid: its RPC source and its TypeORM store, into tables made like ours. */
export async function measureSquid(database: BenchDatabase, chain: BurstChain): Promise<WallClock> {
  const dir = await installPeer('squid')
  const databaseUrl = await database.create()
  await migrate(databaseUrl)
  const { hostname, port, pathname, username } = new URL(databaseUrl)
  const env = {
    DB_HOST: hostname,
    DB_PORT: port,
    DB_NAME: pathname.slice(1),
    DB_USER: username,
    RPC_URL: chain.url,
    FINALITY: String(finality),
    BENCH_CONTRACTS: describeContracts(chain),
  }
  const start = () => runProcess([join(dir, 'lib/main.js')], { cwd: dir, env })
  return measure({ databaseUrl, events: chain.events, timeoutSeconds: 120, start })
}

/** Ponder as its users start it in production; it makes its tables itself. */
export async function measurePonder(
  database: BenchDatabase,
  chain: BurstChain,
  limit: 'default' | 'lifted',
): Promise<WallClock> {
  const dir = await installPonder(limit)
  const databaseUrl = await database.create()
  const port = String(await findFreePort())
  const args = ['start', '--schema', 'bench', '--port', port, '--hostname', '127.0.0.1']
  const env = {
    DATABASE_URL: databaseUrl,
    RPC_URL: chain.url,
    CHAIN_ID: String(chain.chainId),
    BENCH_CONTRACTS: describeContracts(chain),
    PONDER_TELEMETRY_DISABLED: 'true',
  }
  const start = () =>
    runProcess([join(dir, 'node_modules/ponder/dist/esm/bin/ponder.js'), ...args], {
      cwd: dir,
      env,
    })
  return measure({ databaseUrl, schema: 'bench', events: chain.events, timeoutSeconds: 240, start })
}

async function measure(options: {
  readonly databaseUrl: string
  readonly schema?: string
  readonly events: number
  readonly timeoutSeconds: number
  readonly start: () => RunningProcess
}): Promise<WallClock> {
  let running: RunningProcess | undefined
  try {
    return await measureWallClock({
      ...options,
      start: () => {
        running = options.start()
        return [running]
      },
    })
  } finally {
    await running?.[Symbol.asyncDispose]()
  }
}
