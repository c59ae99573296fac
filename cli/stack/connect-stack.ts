import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import { type CallVault, createCallVault } from '../../artifacts/create-call-vault.ts'
import { createFolderStore } from '../../artifacts/create-folder-store.ts'
import { createRowVault } from '../../artifacts/create-row-vault.ts'
import type { RowVault } from '../../artifacts/row-vault.ts'
import { createEventLog } from '../../eventlog/client/create-event-log.ts'
import type { EventLog } from '../../eventlog/client/event-log.ts'
import type { Deployment } from '../../schema/deployment.ts'
import { BaseError } from '../../schema/errors.ts'
import { type ChainConnection, connectChain } from '../chain/connect-chain.ts'
import { createDevChain, type DevChain } from '../chain/dev-chain.ts'
import type { Config } from '../config/read-config.ts'
import { type RoleKeys, roleKeys } from './role-keys.ts'
import { type RunState, readRunState } from './run-state.ts'
import { storePaths } from './store-paths.ts'

/** A Provenant that another process runs, with its stores opened. */
export interface RunningStack extends AsyncDisposable {
  readonly dir: string
  readonly state: RunState
  readonly chain: ChainConnection
  /** Present only when its node is its own anvil. */
  readonly dev: DevChain | undefined
  readonly keys: RoleKeys
  readonly deployment: Deployment
  readonly eventLog: EventLog
  readonly artifacts: ArtifactStore
  readonly rowVault: RowVault
  readonly callVault: CallVault
}

/**
 * Connects to the Provenant that runs in `config.dir`.
 *
 * @throws `STACK_NOT_RUNNING`, `NODE_UNAVAILABLE`, `WRONG_CHAIN_ID` when the configured chain is
 * another one.
 */
export async function connectStack(
  config: Pick<Config, 'dir' | 'chainId' | 'operatorKey'>,
): Promise<RunningStack> {
  const state = await readRunState(config.dir)
  const { deployment, chainId } = state
  if (config.chainId !== undefined && config.chainId !== chainId)
    throw new BaseError('WRONG_CHAIN_ID', { facts: { expected: config.chainId, actual: chainId } })
  const chain = await connectChain(state.rpcUrl, chainId)
  const keys = roleKeys(state.seed, config.operatorKey)
  const paths = storePaths(state.artifactsDir)
  const artifacts = createFolderStore(paths.artifacts)
  const eventLog = createEventLog({ connectionString: state.eventLogUrl })
  return {
    ...{ dir: config.dir, state, chain, keys, deployment, eventLog, artifacts },
    dev: state.development ? createDevChain(chain) : undefined,
    rowVault: createRowVault(paths.rows, artifacts),
    callVault: createCallVault(paths.calls, Buffer.from(keys.operator.privateKey.slice(2), 'hex')),
    [Symbol.asyncDispose]: () => eventLog.close(),
  }
}
