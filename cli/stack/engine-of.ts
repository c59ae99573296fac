import type { Logger } from 'pino'
import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import type { CallVault } from '../../artifacts/create-call-vault.ts'
import type { RowVault } from '../../artifacts/row-vault.ts'
import { createEngine, type Engine } from '../../engine/create-engine.ts'
import type { EventLog } from '../../eventlog/client/event-log.ts'
import { bundledBaseDirectory } from '../../gpu/models/bundled-base.ts'
import type { ScoreBackend } from '../../gpu/scores/score-backend.ts'
import type { Deployment } from '../../schema/deployment.ts'
import type { RoleKeys } from './role-keys.ts'

/** Creates the engine over the stores and the log of a stack; the caller closes it. */
export function engineOf(
  stack: {
    readonly artifacts: ArtifactStore
    readonly rowVault: RowVault
    readonly callVault: CallVault
    readonly eventLog: EventLog
    readonly deployment: Deployment
    readonly keys: Pick<RoleKeys, 'platform' | 'stakers'>
  },
  options: { readonly workers: number; readonly logger: Logger; readonly backend?: ScoreBackend },
): Engine {
  const { artifacts, rowVault, callVault, eventLog, deployment, keys } = stack
  return createEngine({
    ...{ artifacts, rowVault, callVault, eventLog },
    ...{ chainId: deployment.chainId, token: deployment.addresses.token },
    accounts: { platform: keys.platform.address, stakers: keys.stakers.address },
    baseModelDir: bundledBaseDirectory,
    ...options,
  })
}
