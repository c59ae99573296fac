import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { privateKeyToAccount } from 'viem/accounts'
import { type Api, createApi } from '../../api/create-api.ts'
import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import { type CallVault, createCallVault } from '../../artifacts/create-call-vault.ts'
import { createFolderStore } from '../../artifacts/create-folder-store.ts'
import { createRowVault } from '../../artifacts/create-row-vault.ts'
import type { RowVault } from '../../artifacts/row-vault.ts'
import { deployContracts } from '../../contracts/deploy.ts'
import { stakeFor } from '../../contracts/stake-for.ts'
import type { Engine } from '../../engine/create-engine.ts'
import { createEventLog } from '../../eventlog/client/create-event-log.ts'
import type { EventLog } from '../../eventlog/client/event-log.ts'
import { createChainModelDirectory } from '../../gateway/create-chain-model-directory.ts'
import { createGateway, type Gateway } from '../../gateway/create-gateway.ts'
import { bundledBaseDirectory } from '../../gpu/models/bundled-base.ts'
import { createGpuServer, type GpuServer } from '../../gpu/server/create-gpu-server.ts'
import { createProjector, type Projector } from '../../indexer/project/create-projector.ts'
import { migrate } from '../../indexer/project/migrate.ts'
import { createProjectorMetrics } from '../../indexer/project/projector-metrics.ts'
import { createChainsMetrics } from '../../indexer/source/chains-metrics.ts'
import { createIndexer, type Indexer } from '../../indexer/source/create-indexer.ts'
import { type Deployment, parseDeployment } from '../../schema/deployment.ts'
import { BaseError } from '../../schema/errors.ts'
import type { Config } from '../config/read-config.ts'
import { createLogger } from '../console/create-logger.ts'
import { developmentSettings } from '../deployment/development-settings.ts'
import type { HealthSources } from '../processes/serve-health.ts'
import { loadServedAdapters } from '../training/load-served-adapters.ts'
import { engineOf } from './engine-of.ts'
import { readNodeHead } from './read-node-head.ts'
import { type RoleKeys, roleKeys } from './role-keys.ts'
import { stackHealth } from './stack-health.ts'
import { type Services, startServices } from './start-services.ts'
import { adaptersPath, storePaths } from './store-paths.ts'

/** Everything that runs on one machine. */
export interface Stack {
  readonly services: Services
  readonly keys: RoleKeys
  readonly deployment: Deployment
  readonly eventLog: EventLog
  readonly artifacts: ArtifactStore
  readonly rowVault: RowVault
  readonly callVault: CallVault
  readonly indexer: Indexer
  readonly projector: Projector
  readonly engine: Engine
  readonly gpu: GpuServer
  readonly gateway: Gateway
  readonly api: Api
  /** What a supervisor of all parts asks. */
  readonly health: HealthSources
  /** Makes the gateway see models published a moment ago. */
  refreshModels(): Promise<void>
  /** Rejects when the indexer or projector stops for good. */
  readonly failed: Promise<never>
  close(): Promise<void>
}

/** Base units that the epoch poster of a development chain has at stake: several faults' worth. */
const posterStake = 10n ** 21n

/**
 * Starts all parts in one process: services, contracts, indexer, projector, engine, GPU server,
 * gateway and API. What was started before a failure is stopped again.
 */
export async function startStack(
  config: Config,
  onStep: (step: string) => void = () => undefined,
): Promise<Stack> {
  const services = await startServices(config, onStep)
  const { shutdown, chain } = services
  const logger = createLogger(config.logLevel)
  try {
    const keys = roleKeys(config.seed, config.operatorKey)
    onStep('contracts')
    const deployment = await openDeployment(config, services, keys)
    onStep('event log and tables')
    const eventLog = createEventLog({ connectionString: services.eventLogUrl })
    shutdown.add('event log client', () => eventLog.close())
    await migrate(services.databaseUrl)
    const paths = storePaths(config.artifactsDir)
    const artifacts = createFolderStore(paths.artifacts)
    const rowVault = createRowVault(paths.rows, artifacts)
    const callVault = createCallVault(
      paths.calls,
      Buffer.from(keys.operator.privateKey.slice(2), 'hex'),
    )

    const metrics = {
      indexer: createChainsMetrics(),
      projector: createProjectorMetrics('read-model'),
    }
    const indexer = createIndexer({
      ...{ chainId: chain.chainId, deployment, eventLog, logger },
      rpcUrl: config.rpcUrls.length > 0 ? config.rpcUrls : chain.rpcUrl,
      rpcLimits: config.rpcLimits,
      ...(config.sqdGatewayUrl === undefined ? {} : { gatewayUrl: config.sqdGatewayUrl }),
      ...{ finality: config.chainFinality, pollMs: 100, cursorMs: 500 },
      metrics: metrics.indexer.of(chain.chainId),
    })
    shutdown.add('indexer', () => indexer.close())
    const projector = createProjector({
      ...{ databaseUrl: services.databaseUrl, eventLog, chainId: chain.chainId, logger },
      metrics: metrics.projector.of(chain.chainId),
    })
    shutdown.add('projector', () => projector.close())
    const failed = Promise.race([failure(indexer.run()), failure(projector.run())])
    failed.catch(() => undefined)

    const engine = engineOf(
      { artifacts, rowVault, callVault, eventLog, deployment, keys },
      { workers: config.workers, logger },
    )
    shutdown.add('engine', () => engine.close())
    onStep('GPU server')
    const gpu = await createGpuServer({
      model: { name: 'provenant-base', directory: bundledBaseDirectory },
      ...{ port: config.ports.gpu, host: config.host, threads: 1, logger },
    })
    shutdown.add('GPU server', () => gpu.close())
    onStep('gateway')
    const models = createChainModelDirectory({ rpcUrl: chain.rpcUrl, deployment, artifacts })
    shutdown.add('model directory', () => models.close())
    await models.refresh()
    await loadServedAdapters({
      ...{ models, artifacts, logger, gpuUrl: gpu.url },
      adaptersDir: adaptersPath(config.dir),
    })
    await mkdir(join(config.dir, 'gateway'), { recursive: true })
    const gateway = await createGateway({
      ...{ port: config.ports.gateway, host: config.host, dir: join(config.dir, 'gateway') },
      ...{ rpcUrl: chain.rpcUrl, deployment, backendUrl: gpu.url, models, logger },
      ...{ artifacts, rowVault, callVault },
      operator: privateKeyToAccount(keys.operator.privateKey),
    })
    shutdown.add('gateway', () => gateway.close())
    onStep('GraphQL')
    const api = await createApi({
      ...{ databaseUrl: services.databaseUrl, chainId: chain.chainId, logger },
      ...{ port: config.ports.api, host: config.host, maxLagBlocks: config.maxLagBlocks },
      readNodeHead: () => readNodeHead(chain),
    })
    shutdown.add('GraphQL', () => api.close())
    return {
      ...{ services, keys, deployment, eventLog, artifacts, rowVault, callVault },
      ...{ indexer, projector, engine, gpu, gateway, api, failed },
      health: stackHealth(
        { indexer, projector, eventLog, chainId: chain.chainId, api, gateway, gpu },
        metrics,
      ),
      refreshModels: () => models.refresh(),
      close: () => shutdown.run(),
    }
  } catch (error) {
    await shutdown.run()
    throw error
  }
}

async function failure(run: Promise<void>): Promise<never> {
  await run
  // A run that ends without an error was closed by us: nothing failed, nothing to report.
  return new Promise<never>(() => undefined)
}

/** Reads the deployment kept in the data folder, or deploys the contracts. */
async function openDeployment(
  config: Config,
  { chain, dev }: Services,
  keys: RoleKeys,
): Promise<Deployment> {
  const path = join(config.dir, `deployment-${chain.chainId}.json`)
  const kept = await readFile(path, 'utf8').catch(() => undefined)
  if (kept !== undefined) {
    const deployment = parseDeployment(JSON.parse(kept))
    const code = await chain.publicClient.getCode({ address: deployment.addresses.ledger })
    if (code !== undefined) return deployment
  }
  // The role accounts come from a public seed: on a chain that is not ours anybody could act as them.
  if (dev === undefined)
    throw new BaseError('CONFIG_INVALID', {
      facts: {
        variable: 'PROVENANT_RPC_URL',
        problem: 'up and demo deploy with development keys; deploy with your own role accounts',
      },
    })
  const deployer = config.deployerKey ?? keys.deployer.privateKey
  await dev.fund(Object.values(keys).map(({ address }) => address))
  const deployment = await deployContracts({
    walletClient: chain.wallet(deployer),
    publicClient: chain.publicClient,
    ...developmentSettings(keys),
  })
  await stakeFor({
    walletClient: chain.wallet(keys.admin.privateKey),
    publicClient: chain.publicClient,
    deployment,
    agent: keys.epochPoster.address,
    amount: posterStake,
  })
  await writeFile(path, `${JSON.stringify(deployment, null, 2)}\n`)
  return deployment
}
