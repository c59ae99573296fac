import { setMaxListeners } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ServerType, serve } from '@hono/node-server'
import type { LocalAccount } from 'viem'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import type { CallVault } from '../artifacts/create-call-vault.ts'
import type { RowVault } from '../artifacts/row-vault.ts'
import type { Deployment } from '../schema/deployment.ts'
import { BaseError } from '../schema/errors.ts'
import { type Answer, answerCall } from './answer-call.ts'
import { createBatcher, stuckLanes } from './batcher.ts'
import { createCallDesk } from './call-desk.ts'
import { createApp } from './create-app.ts'
import { createCommittedRecorder } from './create-committed-recorder.ts'
import { createLedgerChain } from './create-ledger-chain.ts'
import { createOpenaiBackend } from './create-openai-backend.ts'
import { createPackedRecorder } from './create-packed-recorder.ts'
import { createFunds } from './funds.ts'
import { createGatewayMetrics } from './gateway-metrics.ts'
import { openJournal } from './journal.ts'
import { createLaneBook } from './lane-book.ts'
import { createLaneQueue } from './lane-queue.ts'
import { type Logger, silentLogger } from './logger.ts'
import type { ModelDirectory } from './model-directory.ts'
import type { BatchLimits } from './plan-batch.ts'
import type { RecordedBatch } from './recorder.ts'
import { createRetrieval } from './retrieval.ts'
import { createSessionKeys } from './session-keys.ts'
import { createSettlement } from './settlement.ts'
import { openSettlementCheckpoint } from './settlement-checkpoint.ts'

export interface GatewayOptions {
  /** Chosen by the system if left out. */
  readonly port?: number
  /** 127.0.0.1 if left out. */
  readonly host?: string
  /** Folder of the journal; one gateway at a time. */
  readonly dir: string
  readonly rpcUrl: string
  readonly deployment: Deployment
  /** Holds the role OPERATOR; vouchers are made out to it. */
  readonly operator: LocalAccount
  /** Base URL of the GPU server, without `/v1`. */
  readonly backendUrl: string
  readonly backendApiKey?: string
  readonly backendTimeoutMs?: number
  /** Stays open when the gateway closes, as do the stores. */
  readonly models: ModelDirectory
  readonly artifacts: ArtifactStore
  readonly rowVault: RowVault
  readonly callVault: CallVault
  /** Most tokens of prompt and answer together; 96 if left out. */
  readonly contextTokens?: number
  /** Batches are sent when so many calls wait, and after that many milliseconds. */
  readonly batch?: {
    readonly everyCalls?: number
    readonly everyMs?: number
    readonly limits?: BatchLimits
  }
  /**
   * `packed`, if left out, puts every record on the chain and charges it at once; `committed` puts a
   * Merkle root there, keeps the records as an artifact, and charges several batches at a time.
   */
  readonly recording?: 'packed' | 'committed'
  /** Committed batches are charged when so many are open, after that many milliseconds, and at the end. */
  readonly settle?: { readonly everyBatches?: number; readonly everyMs?: number }
  /** How long a session key must still be valid; 15 minutes more than a settlement takes if left out. */
  readonly sessionKeyMarginSeconds?: number
  /** How long to wait for the receipt of a batch; 120 s if left out. */
  readonly receiptTimeoutMs?: number
  readonly refreshMs?: number
  /** Milliseconds since 1970. */
  readonly now?: () => number
  readonly logger?: Logger
}

export interface Gateway {
  readonly url: string
  readonly port: number
  /** Records what is pending on the chain now. */
  flush(): Promise<readonly RecordedBatch[]>
  /** Charges what is committed; there is nothing to do in packed recording. */
  settle(): Promise<void>
  /** Lanes that the ledger refused, with the number of calls that wait and its reason. */
  stuck(): ReturnType<typeof stuckLanes>
  /**
   * Refuses new calls, lets running ones finish for up to 3 s and charges committed batches for up to
   * 1 s; what is not recorded then stays in the journal.
   */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

// Together less than the 5 s after which supervisors kill. What is cut off is not lost: a call counts
// once it is in the journal, and the next start records what the journal holds.
const answerGraceMs = 3_000
const recordGraceMs = 1_000
// For clients that do not read their stream to its end.
const cutMs = 500

/**
 * Starts the paid door: takes vouchers, serves answers with citations and records calls on-chain.
 *
 * @throws `WRONG_CHAIN_ID`, `NODE_UNAVAILABLE`, `JOURNAL_CORRUPT`, `JOURNAL_LOCKED`,
 * `PORT_UNAVAILABLE`.
 */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { models, artifacts, rowVault, callVault, contextTokens = 96 } = options
  const { now = Date.now, logger = silentLogger } = options
  const chain = createLedgerChain(options)
  await chain.check()
  await models.refresh()

  const lanes = createLaneBook(chain)
  const { journal, calls } = await openJournal(join(options.dir, 'calls.journal'))
  try {
    await lanes.restore(calls)
    await journal.compact((call) => lanes.isSettled(call))
  } catch (error) {
    await journal.close()
    throw error
  }
  const settlement = createSettlement()
  const funds = createFunds({ chain, lanes, settlement, now })
  const metrics = createGatewayMetrics(lanes)
  const abandoned = new AbortController()
  // Every call that is being answered listens.
  setMaxListeners(0, abandoned.signal)
  const backend = createOpenaiBackend({
    url: options.backendUrl,
    apiKey: options.backendApiKey,
    timeoutMs: options.backendTimeoutMs,
    signal: abandoned.signal,
  })
  const retrieval = createRetrieval({ rowVault, now, logger })
  const { everyCalls = 300, everyMs = 10_000, limits } = options.batch ?? {}
  const nowSeconds = () => Math.floor(now() / 1000)
  const isCommitted = options.recording === 'committed'
  const { everyBatches: settleEvery = 4, everyMs: settleMs = 600_000 } = options.settle ?? {}
  const recording = { chain, lanes, funds, settlement, artifacts, logger, nowSeconds, limits }
  const checkpoint = openSettlementCheckpoint(options.dir, BigInt(options.deployment.blockNumber))
  const recorder = isCommitted
    ? createCommittedRecorder({ ...recording, checkpoint, settleEvery })
    : createPackedRecorder(recording)
  const batcher = createBatcher({ recorder, lanes, journal })
  const slack = isCommitted ? Math.ceil(settleMs / 1000) : 0
  const sessionKeys = createSessionKeys({
    ...{ chain, lanes, settlement, now },
    marginSeconds: options.sessionKeyMarginSeconds ?? 900 + slack,
  })
  const running = new Set<Promise<unknown>>()
  let closing: Promise<void> | undefined

  const track = <T>(work: Promise<T>): Promise<T> => {
    running.add(work)
    const forget = () => running.delete(work)
    work.then(forget, forget)
    return work
  }

  let answered = 0

  async function flush(): Promise<readonly RecordedBatch[]> {
    answered = 0
    try {
      const batches = await batcher.flush()
      for (const batch of batches) metrics.countBatch('recorded', batch.calls)
      return batches
    } catch (error) {
      metrics.countBatch('failed', 0)
      throw error
    }
  }
  const flushLater = () => {
    track(flush()).catch((error) => logger.error({ err: error }, 'batch not recorded'))
  }
  const pendingCalls = () => lanes.all().reduce((sum, lane) => sum + lane.pending.length, 0)

  const services = { backend, retrieval, callVault, journal, nowSeconds, logger }
  const app = createApp({
    ...{ models, chain, lanes, callVault, metrics, logger, nowSeconds, contextTokens },
    desk: createCallDesk({
      ...{ models, chain, lanes, funds, sessionKeys, contextTokens },
      queue: createLaneQueue(16),
    }),
    async answer(call, onText): Promise<Answer> {
      if (closing !== undefined) {
        call.release()
        throw new BaseError('GATEWAY_CLOSED')
      }
      const answer = await track(answerCall(services, call, onText))
      answered += 1
      if (answered >= everyCalls) flushLater()
      return answer
    },
    async checkReady() {
      const [node, gpu] = await Promise.all([
        chain.check().then(
          () => true,
          () => false,
        ),
        backend.isHealthy(),
      ])
      return [
        ...(node ? [] : ['chain']),
        ...(gpu ? [] : ['backend']),
        ...(models.list().length > 0 ? [] : ['models']),
      ]
    },
  })

  const server = await listen(app.fetch, options.host ?? '127.0.0.1', options.port ?? 0).catch(
    async (error) => {
      await journal.close()
      throw error
    },
  )
  // The first payer should not wait for the index.
  for (const model of models.list())
    track(retrieval.search(model, model.name, 1)).catch((error) =>
      logger.error({ err: error, model: model.name }, 'index not built'),
    )
  const batchTimer = setInterval(() => {
    if (pendingCalls() > 0) flushLater()
  }, everyMs)
  const settleTimer = setInterval(() => {
    track(batcher.settle()).catch((error) => logger.error({ err: error }, 'batches not settled'))
  }, settleMs)
  const refreshTimer = setInterval(() => {
    models.refresh().catch((error) => logger.warn({ err: error }, 'models not refreshed'))
  }, options.refreshMs ?? 5_000)

  async function shutDown(): Promise<void> {
    clearInterval(batchTimer)
    clearInterval(settleTimer)
    clearInterval(refreshTimer)
    const closed = new Promise((resolve) => server.close(resolve))
    await within(answerGraceMs, Promise.allSettled(running))
    abandoned.abort(new BaseError('GATEWAY_CLOSED'))
    // A connection that became idle after `close` would keep the server open for seconds.
    const sweep = setInterval(() => {
      if ('closeIdleConnections' in server) server.closeIdleConnections()
    }, 20)
    const cut = setTimeout(() => {
      if ('closeAllConnections' in server) server.closeAllConnections()
    }, cutMs)
    const settled = batcher
      .settle()
      .catch((error) => logger.warn({ err: error }, 'batches wait for the next start'))
    await within(recordGraceMs, settled)
    await closed
    clearInterval(sweep)
    clearTimeout(cut)
    await journal.close()
  }
  const close = () => (closing ??= shutDown())
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://${options.host ?? '127.0.0.1'}:${port}`,
    port,
    flush: () => track(flush()),
    settle: () => track(batcher.settle()),
    stuck: () => stuckLanes(lanes),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Waits for work, but not longer than that. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const over = new AbortController()
  const late = sleep(ms, undefined, { signal: over.signal }).catch(() => undefined)
  await Promise.race([work, late])
  over.abort()
}

function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  hostname: string,
  port: number,
): Promise<ServerType> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, hostname, port }, () => resolve(server))
    server.once('error', (cause) =>
      reject(new BaseError('PORT_UNAVAILABLE', { facts: { hostname, port }, cause })),
    )
  })
}
