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
import type { Deployment } from '../../schema/deployment.ts'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'
import { attributionStream, chainStream, epochStream } from '../../schema/events/streams.ts'
import type { ChainConnection } from '../chain/connect-chain.ts'
import { createShutdown } from '../stack/shutdown.ts'
import { createScratchDatabase } from './create-scratch-database.ts'

export interface ReplayResult {
  readonly tables: Readonly<Record<string, TableHash>>
  /** Recomputed root of each epoch in the order of the proposals. */
  readonly roots: readonly { readonly epoch: string; readonly root: Hex }[]
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
  finality: number
  signal?: AbortSignal
  onStep?: (step: string) => void
}): Promise<ReplayResult> {
  const { chain, deployment, artifacts, finality, signal } = options
  const { chainId } = chain
  const shutdown = createShutdown()
  const step = options.onStep ?? (() => undefined)
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

    step('chain into the log')
    const head = Number(await chain.publicClient.getBlockNumber())
    await Promise.race([stopped, indexer.indexed(head - finality, { final: true })])
    step('epochs from artifacts')
    const read = await readChainFacts(eventLog, chainId, { artifacts })
    if (read === undefined) throw new BaseError('INDEX_EMPTY', { facts: { chainId } })
    const backend = await onnxScores()
    shutdown.add('scores', async () => backend.close())
    const state = foldChainFacts(read.facts)
    const roots = await replayEpochs({
      ...{ eventLog, artifacts, chainId, backend, state },
      ...(signal === undefined ? {} : { signal }),
      onProgress: (epoch) => step(`epoch ${epoch}`),
    })
    step('log into tables')
    const versions = [...state.versions.keys()].map((key) => key.split('@'))
    const streams = [
      chainStream(chainId),
      epochStream(chainId),
      ...versions.map(([model = '', version]) => attributionStream(model, Number(version))),
    ]
    for (const stream of streams) {
      const last = await eventLog.readLast(stream)
      if (last === undefined) continue
      await Promise.race([stopped, projector.waitFor({ stream, revision: last.revision }, signal)])
    }
    return { tables: await tableHashes(database.url), roots }
  } finally {
    await shutdown.run()
  }
}

/** Rejects when a run fails; a run that we closed ourselves never settles. */
async function ended(run: Promise<void>): Promise<never> {
  await run
  return new Promise<never>(() => undefined)
}
