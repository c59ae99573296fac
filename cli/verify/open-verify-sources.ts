import { createEventLog } from '../../eventlog/client/create-event-log.ts'
import type { EventLog } from '../../eventlog/client/event-log.ts'
import type { Deployment } from '../../schema/deployment.ts'
import { readConfig } from '../config/read-config.ts'
import { readStackConfig } from '../config/read-stack-config.ts'
import { openChain } from '../processes/open-chain.ts'
import { connectStack } from '../stack/connect-stack.ts'

/** The three things that `verify` compares. */
export interface VerifySources extends AsyncDisposable {
  readonly rpcUrl: string
  readonly chainId: number
  readonly deployment: Deployment
  readonly eventLog: EventLog
  /** Undefined when no database is configured: the log alone is compared. */
  readonly databaseUrl: string | undefined
}

/**
 * Opens what the environment names (single processes), or else the Provenant that runs in `dir`.
 *
 * @throws `CONFIG_INVALID`, `STACK_NOT_RUNNING`, `NODE_UNAVAILABLE`, `WRONG_CHAIN_ID`
 */
export async function openVerifySources(
  environment: NodeJS.ProcessEnv,
  options: { readonly dir?: string | undefined; readonly deployment?: string | undefined },
): Promise<VerifySources> {
  const config = readConfig(environment, { PROVENANT_DEPLOYMENT: options.deployment })
  if (config.rpcUrl !== undefined && config.eventStoreUrl !== undefined) {
    const { chain, deployment } = await openChain(config)
    const eventLog = createEventLog({ connectionString: config.eventStoreUrl })
    const { rpcUrl, chainId } = chain
    return {
      ...{ rpcUrl, chainId, deployment, eventLog, databaseUrl: config.databaseUrl },
      [Symbol.asyncDispose]: () => eventLog.close(),
    }
  }
  const stack = await connectStack(readStackConfig(environment, options.dir))
  const { rpcUrl, chainId, databaseUrl } = stack.state
  const { deployment, eventLog } = stack
  return {
    ...{ rpcUrl, chainId, deployment, eventLog, databaseUrl },
    [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
  }
}
