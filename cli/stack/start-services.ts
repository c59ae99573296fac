import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createEmbeddedEventLog } from '../../eventlog/embedded/create-embedded-event-log.ts'
import { type ChainConnection, connectChain } from '../chain/connect-chain.ts'
import { createDevChain, type DevChain } from '../chain/dev-chain.ts'
import type { Config } from '../config/read-config.ts'
import { startAnvil } from '../services/start-anvil.ts'
import { startPostgres } from '../services/start-postgres.ts'
import { keepChainId } from './keep-chain-id.ts'
import { lockStack } from './lock-stack.ts'
import { createShutdown, type Shutdown } from './shutdown.ts'
import { stopOrphans } from './stop-orphans.ts'

/** The services Provenant runs on, ours or somebody else's. */
export interface Services {
  readonly databaseUrl: string
  readonly eventLogUrl: string
  readonly chain: ChainConnection
  /** Present only when the node is our own anvil. */
  readonly dev: DevChain | undefined
  /** Process ids of the embedded services, for memory accounting. */
  readonly pids: readonly number[]
  readonly shutdown: Shutdown
}

/**
 * Starts PostgreSQL, the event log and anvil under `config.dir`, or connects to those configured.
 *
 * Whatever was started before a failure is stopped again.
 *
 * @throws `STACK_RUNNING` when another process uses the folder; what starting throws.
 */
export async function startServices(
  config: Config,
  onStep: (step: string) => void = () => undefined,
): Promise<Services> {
  await mkdir(config.dir, { recursive: true })
  // As root the database runs as `nobody`, who must be able to walk into the folder.
  await chmod(config.dir, 0o755)
  await mkdir(config.artifactsDir, { recursive: true })
  const shutdown = createShutdown()
  shutdown.add('lock', await lockStack(config.dir))
  try {
    const databaseDir = join(config.dir, 'postgres')
    const chainStateFile = join(config.dir, 'anvil-state.json')
    await stopOrphans({ databaseDir: join(databaseDir, 'data'), chainStateFile })
    const pids: number[] = []
    const openDatabase = async () => {
      if (config.databaseUrl !== undefined) return config.databaseUrl
      onStep('PostgreSQL')
      const postgres = await startPostgres({ dir: databaseDir, detached: true })
      shutdown.add('postgres', () => postgres.close())
      pids.push(postgres.pid)
      return postgres.url
    }
    const openChain = async () => {
      if (config.rpcUrl !== undefined)
        return { chain: await connectChain(config.rpcUrl, config.chainId), dev: undefined }
      onStep('anvil')
      const anvil = await startAnvil({
        detached: true,
        chainId: await keepChainId(config.dir, config.chainId),
        ...(config.dirIsGiven ? { stateFile: chainStateFile } : {}),
      })
      shutdown.add('anvil', () => anvil.close())
      pids.push(anvil.pid)
      const chain = await connectChain(anvil.url, anvil.chainId)
      return { chain, dev: createDevChain(chain) }
    }
    const [databaseUrl, { chain, dev }] = await Promise.all([openDatabase(), openChain()])
    let eventLogUrl = config.eventStoreUrl
    if (eventLogUrl === undefined) {
      onStep('event log')
      const log = await createEmbeddedEventLog({ databaseUrl })
      shutdown.add('event log', () => log.close())
      eventLogUrl = log.connectionString
    }
    return { databaseUrl, eventLogUrl, chain, dev, pids, shutdown }
  } catch (error) {
    await shutdown.run()
    throw error
  }
}
