import { createEventLog } from '../../eventlog/client/create-event-log.ts'
import type { EventLog } from '../../eventlog/client/event-log.ts'
import { connectChain } from '../chain/connect-chain.ts'
import { readConfig } from '../config/read-config.ts'
import { readStackConfig } from '../config/read-stack-config.ts'
import { requireSetting } from '../config/require-setting.ts'
import { connectStack } from '../stack/connect-stack.ts'

/** Log and tables of the projections. */
export interface ProjectionSources extends AsyncDisposable {
  readonly databaseUrl: string
  readonly chainId: number
  readonly eventLog: EventLog
}

/**
 * Opens what the environment names (single processes), or else the Provenant that runs in `dir`.
 *
 * @throws `CONFIG_INVALID`, `STACK_NOT_RUNNING`, `NODE_UNAVAILABLE`, `WRONG_CHAIN_ID`
 */
export async function openProjections(
  environment: NodeJS.ProcessEnv,
  options: { readonly dir?: string | undefined },
): Promise<ProjectionSources> {
  const config = readConfig(environment)
  const { databaseUrl, eventStoreUrl } = config
  if (databaseUrl !== undefined && eventStoreUrl !== undefined) {
    const chainId =
      config.rpcUrl === undefined
        ? requireSetting(config.chainId, 'PROVENANT_CHAIN_ID')
        : (await connectChain(config.rpcUrl, config.chainId)).chainId
    const eventLog = createEventLog({ connectionString: eventStoreUrl })
    return { databaseUrl, chainId, eventLog, [Symbol.asyncDispose]: () => eventLog.close() }
  }
  const stack = await connectStack(readStackConfig(environment, options.dir))
  return {
    databaseUrl: stack.state.databaseUrl,
    chainId: stack.state.chainId,
    eventLog: stack.eventLog,
    [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
  }
}
