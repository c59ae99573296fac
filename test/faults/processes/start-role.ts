import { createEventLog } from '../../../eventlog/client/create-event-log.ts'
import { createEmbeddedEventLog } from '../../../eventlog/embedded/create-embedded-event-log.ts'
import { createProjector } from '../../../indexer/project/create-projector.ts'
import { createIndexer } from '../../../indexer/source/create-indexer.ts'
import type { IndexerLogger } from '../../../indexer/source/indexer-logger.ts'
import type { OptionsOf, RoleOptions } from './role-options.ts'

/** Something that runs until it is closed; `ended` rejects when it gives up. */
export interface RunningRole {
  readonly ended: Promise<void>
  close(): Promise<void>
}

/** Patience is short, so that a scenario sees many attempts in its seconds. */
const deadlineMs = 1500
const rpcLimits = { timeoutMs: 500, backoffMs: 10, patienceMs: 1000, compareMs: 300 } as const

/** Starts one part of the product as its command does. */
export async function startRole(options: RoleOptions, logger: IndexerLogger): Promise<RunningRole> {
  switch (options.role) {
    case 'indexer':
      return startIndexer(options, logger)
    case 'event-log':
      return startEventLog(options)
    case 'projector':
      return startProjector(options, logger)
    default:
      return options satisfies never
  }
}

async function startIndexer(
  { rpcUrls, chainId, deployment, finality, eventLogUrl }: OptionsOf<'indexer'>,
  logger: IndexerLogger,
): Promise<RunningRole> {
  const eventLog = createEventLog({ connectionString: eventLogUrl, deadlineMs })
  const indexer = createIndexer({
    ...{ rpcUrl: rpcUrls, rpcLimits, chainId, deployment, finality, eventLog, logger },
    ...{ pollMs: 25, cursorMs: 100 },
  })
  return {
    ended: indexer.run(),
    async close() {
      await indexer.close()
      await eventLog.close()
    },
  }
}

async function startEventLog({ databaseUrl, port }: OptionsOf<'event-log'>): Promise<RunningRole> {
  const server = await createEmbeddedEventLog({ databaseUrl, port })
  return { ended: new Promise(() => undefined), close: () => server.close() }
}

async function startProjector(
  { databaseUrl, eventLogUrl, chainId }: OptionsOf<'projector'>,
  logger: IndexerLogger,
): Promise<RunningRole> {
  const eventLog = createEventLog({ connectionString: eventLogUrl, deadlineMs })
  const projector = createProjector({ databaseUrl, eventLog, chainId, logger })
  return {
    ended: projector.run(),
    async close() {
      await projector.close()
      await eventLog.close()
    },
  }
}
