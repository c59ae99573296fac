import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import { createFolderStore } from '../../artifacts/create-folder-store.ts'
import { createEventLog } from '../../eventlog/client/create-event-log.ts'
import type { EventLog } from '../../eventlog/client/event-log.ts'
import type { ChainFinality } from '../../schema/chain-finality.ts'
import type { Deployment } from '../../schema/deployment.ts'
import type { ChainConnection } from '../chain/connect-chain.ts'
import { readConfig } from '../config/read-config.ts'
import { readStackConfig } from '../config/read-stack-config.ts'
import { requireSetting } from '../config/require-setting.ts'
import { waitForBatches } from '../inference/wait-for-batches.ts'
import { openChain } from '../processes/open-chain.ts'
import { connectStack } from '../stack/connect-stack.ts'
import { storePaths } from '../stack/store-paths.ts'
import { waitUntilFinal } from '../stack/wait-until-final.ts'

/** What a replay from the chain reads, and what it is compared with. */
export interface ReplaySources extends AsyncDisposable {
  readonly chain: ChainConnection
  readonly deployment: Deployment
  readonly artifacts: ArtifactStore
  readonly eventLog: EventLog
  readonly databaseUrl: string
  readonly finality: ChainFinality
  /** Waits until what was answered so far is final, where somebody can bring that about. */
  settle(signal: AbortSignal): Promise<void>
}

const patienceMs = 20_000

/**
 * Opens what the environment names (single processes), or else the Provenant that runs in `dir`.
 *
 * @throws `CONFIG_INVALID`, `STACK_NOT_RUNNING`, `NODE_UNAVAILABLE`, `WRONG_CHAIN_ID`
 */
export async function openReplaySources(
  environment: NodeJS.ProcessEnv,
  options: { readonly dir?: string | undefined; readonly deployment?: string | undefined },
): Promise<ReplaySources> {
  const config = readConfig(environment, { PROVENANT_DEPLOYMENT: options.deployment })
  if (config.rpcUrl !== undefined && config.eventStoreUrl !== undefined) {
    const databaseUrl = requireSetting(config.databaseUrl, 'PROVENANT_DATABASE_URL')
    const { chain, deployment } = await openChain(config)
    const eventLog = createEventLog({ connectionString: config.eventStoreUrl })
    return {
      ...{ chain, deployment, eventLog, databaseUrl, finality: config.chainFinality },
      artifacts: createFolderStore(storePaths(config.artifactsDir).artifacts),
      settle: async () => undefined,
      [Symbol.asyncDispose]: () => eventLog.close(),
    }
  }
  const stack = await connectStack(readStackConfig(environment, options.dir))
  const { chain, deployment, artifacts, eventLog } = stack
  const { databaseUrl, finality, gatewayUrl } = stack.state
  return {
    ...{ chain, deployment, artifacts, eventLog, databaseUrl, finality },
    async settle(signal) {
      await waitForBatches(gatewayUrl, { patienceMs, signal })
      await waitUntilFinal(stack, signal)
    },
    [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
  }
}
