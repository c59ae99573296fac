import { connectNode } from '../../indexer/source/chain-node.ts'
import { RpcPool } from '../../indexer/source/rpc-pool.ts'
import { BaseError } from '../../schema/errors.ts'
import { type ChainConfig, readChains } from '../config/read-chains.ts'
import type { Config } from '../config/read-config.ts'
import { requireSetting } from '../config/require-setting.ts'

/**
 * Lists the chains to index: those of the chains file, or the one that the variables are about.
 *
 * @throws `CONFIG_INVALID`; `NODE_UNAVAILABLE` and `WRONG_CHAIN_ID` where the node is asked
 */
export async function listChains(
  config: Config,
  environment: NodeJS.ProcessEnv,
): Promise<readonly ChainConfig[]> {
  if (config.chainsFile !== undefined) return readChains(config.chainsFile, environment)
  const { rpcUrls, rpcLimits } = config
  return [
    {
      ...{ rpcUrls, rpcLimits, finality: config.chainFinality },
      chainId: await readChainId(rpcUrls, config.chainId),
      gatewayUrl: config.sqdGatewayUrl,
      databaseUrl: config.databaseUrl,
      deploymentFile: config.deploymentFile,
    },
  ]
}

async function readChainId(urls: readonly string[], expected: number | undefined): Promise<number> {
  if (urls.length === 0) requireSetting(undefined, 'PROVENANT_RPC_URL')
  using pool = new RpcPool({ urls })
  const actual = await connectNode(pool).chainId()
  if (expected === undefined || expected === actual) return actual
  throw new BaseError('WRONG_CHAIN_ID', { facts: { expected, actual } })
}
