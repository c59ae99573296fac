import type { Logger } from 'pino'
import type { EventLog } from '../eventlog/client/event-log.ts'
import type { ScoreBackend } from '../gpu/scores/score-backend.ts'
import { BaseError } from '../schema/errors.ts'
import type { Decimal, Hex } from '../schema/events/event.ts'
import { engineHash } from './attribution/attribution-method.ts'
import { type AuditReport, auditEpoch } from './audit/audit-epoch.ts'
import { type CloseResult, closeEpoch } from './epoch/close-epoch.ts'
import type { EngineContext, EngineProgress } from './epoch/engine-context.ts'
import { indexModel } from './epoch/index-model.ts'
import { type EngineStatus, readEngineStatus } from './epoch/read-engine-status.ts'
import { foldChainFacts } from './state/fold-chain-facts.ts'
import { type FinalBlock, readChainFacts } from './state/read-chain-facts.ts'
import { createEnginePool } from './workers/create-engine-pool.ts'
import { unsharedScores } from './workers/unshared-scores.ts'

export interface EngineOptions
  extends Pick<
    EngineContext,
    'artifacts' | 'rowVault' | 'callVault' | 'chainId' | 'token' | 'accounts' | 'baseModelDir'
  > {
  readonly eventLog: EventLog
  /** Worker threads; each runs one ORT thread. */
  readonly workers: number
  /** Computes scores on the calling thread; onnxruntime in the workers if absent. Stays open. */
  readonly backend?: ScoreBackend
  readonly logger: Pick<Logger, 'debug' | 'info' | 'warn'>
}

export interface CloseOptions {
  /** Last block of the epoch; the last final block if absent or later. */
  readonly upTo?: FinalBlock
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: EngineProgress) => void
}

/** Turns recorded calls into reward epochs. */
export interface Engine extends AsyncDisposable {
  readonly engineHash: Hex
  /** Closes the next epoch, or says that there is nothing to close; one close at a time. */
  closeEpoch(options?: CloseOptions): Promise<CloseResult>
  /**
   * Takes the gradients of a model version ahead of time, so that closing an epoch is short; says how
   * many rows and near-duplicate clusters there are.
   */
  indexModel(
    model: { readonly modelId: Decimal; readonly version: number },
    options?: Pick<CloseOptions, 'signal' | 'onProgress'>,
  ): Promise<{ readonly rows: number; readonly clusters: number }>
  /** Recomputes a closed epoch from artifacts. */
  audit(
    manifestHash: Hex,
    options?: { readonly deep?: boolean; readonly signal?: AbortSignal },
  ): Promise<AuditReport>
  status(): Promise<EngineStatus>
  /** Ends the worker threads; may be called twice. */
  close(): Promise<void>
}

/** Creates an engine over an event log and stores that the caller keeps open. */
export function createEngine(options: EngineOptions): Engine {
  const { workers, backend, ...rest } = options
  const pool = createEnginePool({ workers })
  const lower = (account: Hex) => account.toLowerCase() as Hex
  const context: EngineContext = {
    ...rest,
    token: lower(options.token),
    accounts: {
      platform: lower(options.accounts.platform),
      stakers: lower(options.accounts.stakers),
    },
    pool,
    backend: backend === undefined ? pool.scores : unsharedScores(backend),
  }
  let busy: Promise<unknown> | undefined
  const exclusively = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    if (busy !== undefined) throw new BaseError('ENGINE_BUSY')
    const running = work()
    busy = running
    try {
      return await running
    } finally {
      busy = undefined
    }
  }
  const { artifacts } = context
  return {
    engineHash,
    indexModel: (model, watch = {}) =>
      exclusively(async () => {
        const read = await readChainFacts(context.eventLog, context.chainId, { artifacts })
        const state = foldChainFacts(read?.facts ?? [])
        const { store } = await indexModel(withWatch(context, watch), state, model)
        return { rows: store.rows.rows.length, clusters: store.rows.representatives.length }
      }),
    closeEpoch: ({ upTo, ...watch } = {}) =>
      exclusively(async () => {
        const read = await readChainFacts(context.eventLog, context.chainId, {
          artifacts,
          ...(upTo === undefined ? {} : { upTo }),
        })
        if (read === undefined) return { status: 'idle' }
        const started = performance.now()
        const state = foldChainFacts(read.facts)
        const result = await closeEpoch(withWatch(context, watch), state, read.final)
        if (result.status === 'closed') {
          const { epoch, root, calls } = result.epoch
          const seconds = (performance.now() - started) / 1000
          context.logger.info({ epoch, root, calls, seconds }, 'epoch closed')
        }
        return result
      }),
    async audit(manifestHash, { deep = false, signal } = {}) {
      const read = await readChainFacts(context.eventLog, context.chainId, { artifacts })
      return auditEpoch({
        manifestHash,
        artifacts: context.artifacts,
        backend: context.backend,
        state: foldChainFacts(read?.facts ?? []),
        ...(deep ? { deep: context } : {}),
        ...(signal === undefined ? {} : { signal }),
      })
    },
    status: () => readEngineStatus(context),
    close: pool.close,
    [Symbol.asyncDispose]: pool.close,
  }
}

function withWatch(
  context: EngineContext,
  { signal, onProgress }: Pick<CloseOptions, 'signal' | 'onProgress'>,
): EngineContext {
  return {
    ...context,
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
  }
}
