import type { Deployment } from '../../schema/deployment.ts'
import { type ChainConnection, connectChain } from '../chain/connect-chain.ts'
import { readDeployment } from '../chain/read-deployment.ts'
import type { Config } from '../config/read-config.ts'
import { requireSetting } from '../config/require-setting.ts'

/**
 * Connects a single process to the configured chain and finds the contracts on it.
 *
 * @throws `CONFIG_INVALID`, `NODE_UNAVAILABLE`, `WRONG_CHAIN_ID`, `DEPLOYMENT_INVALID`
 */
export async function openChain(
  config: Pick<Config, 'rpcUrl' | 'chainId' | 'deploymentFile'>,
): Promise<{ readonly chain: ChainConnection; readonly deployment: Deployment }> {
  const rpcUrl = requireSetting(config.rpcUrl, 'PROVENANT_RPC_URL')
  const chain = await connectChain(rpcUrl, config.chainId)
  return { chain, deployment: await readDeployment(chain.chainId, config.deploymentFile) }
}
