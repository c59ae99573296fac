import type { Logger } from 'pino'
import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import type { CallVault } from '../../artifacts/create-call-vault.ts'
import type { RowVault } from '../../artifacts/row-vault.ts'
import type { EventLog } from '../../eventlog/client/event-log.ts'
import type { ScoreBackend } from '../../gpu/scores/score-backend.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { EnginePool } from '../workers/create-engine-pool.ts'

/** How far a stage of closing an epoch is. */
export interface EngineProgress {
  readonly stage: 'gradients' | 'clusters' | 'preconditioner' | 'calls'
  /** `<modelId>@<version>`. */
  readonly model: string
  readonly done: number
  readonly total: number
}

/** What every part of closing an epoch works with. */
export interface EngineContext {
  readonly eventLog: EventLog
  readonly artifacts: ArtifactStore
  readonly rowVault: RowVault
  readonly callVault: CallVault
  readonly chainId: number
  readonly token: Hex
  /** Accounts of the platform's and the stakers' parts, lowercase. */
  readonly accounts: { readonly platform: Hex; readonly stakers: Hex }
  readonly baseModelDir: string
  readonly pool: EnginePool
  readonly backend: ScoreBackend
  readonly logger: Pick<Logger, 'debug' | 'info' | 'warn'>
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: EngineProgress) => void
}
