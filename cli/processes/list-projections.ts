import { BaseError } from '../../schema/errors.ts'
import { readChains } from '../config/read-chains.ts'
import type { Config } from '../config/read-config.ts'
import { requireSetting } from '../config/require-setting.ts'

/** A chain and where its tables are. */
export interface ChainTables {
  readonly chainId: number
  readonly databaseUrl: string
}

/**
 * Lists the chains to project: those of the chains file, or the one that the variables are about.
 *
 * @throws `CONFIG_INVALID`; `NODE_UNAVAILABLE` and `WRONG_CHAIN_ID` where the node is asked
 */
export async function listProjections(
  config: Config,
  environment: NodeJS.ProcessEnv,
): Promise<readonly ChainTables[]> {
  const { chainsFile, rpcUrl } = config
  if (chainsFile !== undefined) {
    const chains = await readChains(chainsFile, environment)
    // The database of the environment is one, so it cannot stand in for those of several chains.
    const shared = chains.length === 1 ? config.databaseUrl : undefined
    return chains.map(({ chainId, databaseUrl = shared }) => {
      if (databaseUrl !== undefined) return { chainId, databaseUrl }
      throw new BaseError('CONFIG_INVALID', {
        facts: { file: chainsFile, chainId, problem: 'databaseUrl is missing' },
      })
    })
  }
  const databaseUrl = requireSetting(config.databaseUrl, 'PROVENANT_DATABASE_URL')
  const chainId =
    rpcUrl === undefined
      ? requireSetting(config.chainId, 'PROVENANT_CHAIN_ID')
      : await askForChain(rpcUrl, config.chainId)
  return [{ chainId, databaseUrl }]
}

/** Loads what talks to a node only where a node is asked. */
async function askForChain(rpcUrl: string, expected: number | undefined): Promise<number> {
  const { connectChain } = await import('../chain/connect-chain.ts')
  return (await connectChain(rpcUrl, expected)).chainId
}
