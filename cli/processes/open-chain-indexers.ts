import type { Logger } from 'pino'
import type { EventLog } from '../../eventlog/client/event-log.ts'
import { type ChainIndexers, indexChains } from '../../indexer/chains/index-chains.ts'
import type { ChainsMetrics } from '../../indexer/source/chains-metrics.ts'
import { createIndexer } from '../../indexer/source/create-indexer.ts'
import type { Deployment } from '../../schema/deployment.ts'
import { readDeployment } from '../chain/read-deployment.ts'
import type { ChainConfig } from '../config/read-chains.ts'

/** The indexers of the configured chains, with the deployments that they follow. */
export interface ChainIndexersWithDeployments {
  readonly indexers: ChainIndexers
  /** Reads the deployment files again; a chain whose file is wrong keeps what it had. */
  reload(): Promise<void>
}

/**
 * Creates an indexer per chain.
 *
 * @throws `DEPLOYMENT_INVALID`
 */
export async function openChainIndexers(options: {
  readonly configs: readonly ChainConfig[]
  readonly logOf: (chainId: number) => EventLog
  readonly metrics: ChainsMetrics
  readonly logger: Logger
}): Promise<ChainIndexersWithDeployments> {
  const { configs, logOf, metrics, logger } = options
  const deployments = new Map<number, Deployment>()
  for (const { chainId, deploymentFile } of configs)
    deployments.set(chainId, await readDeployment(chainId, deploymentFile))
  const create = ({ chainId, rpcUrls, rpcLimits, gatewayUrl, finality }: ChainConfig) =>
    createIndexer({
      ...{ chainId, rpcUrl: rpcUrls, rpcLimits, finality, eventLog: logOf(chainId) },
      ...(gatewayUrl === undefined ? {} : { gatewayUrl }),
      ...{ metrics: metrics.of(chainId), logger: logger.child({ chainId }) },
      deployment: deployments.get(chainId) as Deployment,
    })
  const indexers = indexChains({
    logger,
    chains: configs.map((config) => ({ chainId: config.chainId, create: () => create(config) })),
  })
  return {
    indexers,
    async reload() {
      for (const { chainId, deploymentFile } of configs) {
        try {
          const deployment = await readDeployment(chainId, deploymentFile)
          indexers.of(chainId)?.useDeployment(deployment)
          deployments.set(chainId, deployment)
          const added = deployment.added?.length ?? 0
          logger.info({ chainId, added }, 'deployment read again')
        } catch (err) {
          logger.error({ chainId, err }, 'deployment kept as it was')
        }
      }
    },
  }
}
