import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import { replayEpochs } from '../../engine/audit/replay-epochs.ts'
import { foldChainFacts } from '../../engine/state/fold-chain-facts.ts'
import { readChainFacts } from '../../engine/state/read-chain-facts.ts'
import { createEventLog } from '../../eventlog/client/create-event-log.ts'
import { createEmbeddedEventLog } from '../../eventlog/embedded/create-embedded-event-log.ts'
import { onnxScores } from '../../gpu/scores/onnx-scores.ts'
import { createProjector } from '../../indexer/project/create-projector.ts'
import { migrate } from '../../indexer/project/migrate.ts'
import { type TableHash, tableHashes } from '../../indexer/project/table-hashes.ts'
import { createIndexer } from '../../indexer/source/create-indexer.ts'
import { foldLiveLog, type LiveLog } from '../../indexer/verify/fold-live-log.ts'
import type { ChainFinality } from '../../schema/chain-finality.ts'
import type { Deployment } from '../../schema/deployment.ts'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'
import { attributionStream, chainStream, epochStream } from '../../schema/events/streams.ts'
import type { ChainConnection } from '../chain/connect-chain.ts'
import { createShutdown } from '../stack/shutdown.ts'
import { createScratchDatabase } from './create-scratch-database.ts'
import type { ReplayProgress } from './replay-progress.ts'

export interface ReplayResult {
  readonly tables: Readonly<Record<string, TableHash>>
  /** Recomputed root of each epoch in the order of the proposals. */
  readonly roots: readonly { readonly epoch: string; readonly root: Hex }[]
}

/** What came out of the chain and artifacts alone. */
export interface ChainReplay extends ReplayResult {
  readonly log: LiveLog
}

/**
 * Rebuilds log and tables in an empty database from the chain and artifacts alone.
 *
 * The database is made for the replay and dropped at the end; scores are computed again.
 *
 * @param options.databaseUrl Any database of the server that may create databases.
 * @throws `REPLAY_MISMATCH` when an epoch does not come out as it was proposed.
 */
export async function replayEverything(options: {
  databaseUrl: string
  chain: ChainConnection
  deployment: Deployment
  artifacts: ArtifactStore
  finality: ChainFinality
  signal?: AbortSignal
  onProgress?: (progress: ReplayProgress) => void
}): Promise<ChainReplay> {
  const { chain, deployment, artifacts, finality, signal } = options
  const { chainId } = chain
  const abort = signal === undefined ? {} : { signal }
  const shutdown = createShutdown()
  const tell = options.onProgress ?? (() => undefined)
  try {
    const database = await createScratchDatabase(options.databaseUrl)
    shutdown.add('replay database', database.drop)
    await migrate(database.url)
    const server = await createEmbeddedEventLog({ databaseUrl: database.url })
    shutdown.add('replay log', () => server.close())
    const eventLog = createEventLog({ connectionString: server.connectionString })
    shutdown.add('replay log client', () => eventLog.close())
    const indexer = createIndexer({
      ...{
        rpcUrl: chain.rpcUrl,
        chainId,
        deployment,
        eventLog,
        finality,
        pollMs: 100,
        cursorMs: 100,
      },
    })
    shutdown.add('replay indexer', () => indexer.close())
    const projector = createProjector({ databaseUrl: database.url, eventLog, chainId })
    shutdown.add('replay projector', () => projector.close())
    const stopped = Promise.race([ended(indexer.run(signal)), ended(projector.run(signal))])
    stopped.catch(() => undefined)

    const target = await finalHeight(chain, finality)
    await watching(
      () =>
        tell({ step: 'chain into log', done: Math.max(0, indexer.status().height), total: target }),
      Promise.race([stopped, indexer.indexed(target, { final: true, ...abort })]),
    )
    const read = await readChainFacts(eventLog, chainId, { artifacts })
    if (read === undefined) throw new BaseError('INDEX_EMPTY', { facts: { chainId } })
    const backend = await onnxScores()
    shutdown.add('scores', async () => backend.close())
    const state = foldChainFacts(read.facts)
    let epochs = 0
    const total = state.epochs.length
    const roots = await replayEpochs({
      ...{ eventLog, artifacts, chainId, backend, state },
      ...abort,
      onProgress: () => {
        epochs += 1
        tell({ step: 'epochs from artifacts', done: epochs, total })
      },
    })
    const versions = [...state.versions.keys()].map((key) => key.split('@'))
    const streams = [
      chainStream(chainId),
      epochStream(chainId),
      ...versions.map(([model = '', version]) =>
        attributionStream(chainId, model, Number(version)),
      ),
    ]
    for (const stream of streams) {
      const last = await eventLog.readLast(stream)
      if (last === undefined) continue
      const done = () => Number(projector.status().position)
      await watching(
        () => tell({ step: 'log into tables', done: done(), total: Number(last.position) }),
        Promise.race([stopped, projector.caughtUp(last.position, signal)]),
      )
    }
    const log = await foldLiveLog(eventLog, chainId)
    return { tables: await tableHashes(database.url), roots, log }
  } finally {
    await shutdown.run()
  }
}

/** The newest block that will be final for the indexer without another one being mined. */
async function finalHeight({ publicClient }: ChainConnection, finality: ChainFinality) {
  if (typeof finality !== 'number')
    return Number((await publicClient.getBlock({ blockTag: finality })).number)
  return Math.max(0, Number(await publicClient.getBlockNumber()) - finality)
}

/** Tells how far something is, four times a second, until it is over. */
async function watching<T>(report: () => void, work: Promise<T>): Promise<T> {
  const timer = setInterval(report, 250)
  try {
    return await work
  } finally {
    clearInterval(timer)
    report()
  }
}

/** Rejects when a run fails; a run that we closed ourselves never settles. */
async function ended(run: Promise<void>): Promise<never> {
  await run
  return new Promise<never>(() => undefined)
}
