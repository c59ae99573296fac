import { createEmbeddedEventLog } from '../../eventlog/embedded/create-embedded-event-log.ts'
import { createTestDatabase } from './database.ts'

export interface EventLogTarget {
  readonly connectionString: string
  close(): Promise<void>
}

async function startEmbedded(): Promise<EventLogTarget> {
  const database = await createTestDatabase()
  const server = await createEmbeddedEventLog({ databaseUrl: database.url })
  return {
    connectionString: server.connectionString,
    async close() {
      await server.close()
      await database.drop()
    },
  }
}

const external = process.env['PROVENANT_EVENTSTORE_URL']

/** The servers that the contract suite runs against. */
export const eventLogTargets = [
  { name: 'the embedded event log', start: startEmbedded, skip: false },
  {
    name: external
      ? 'the EventStoreDB of PROVENANT_EVENTSTORE_URL'
      : 'a real EventStoreDB (NOT RUN: set PROVENANT_EVENTSTORE_URL to run it)',
    start: async (): Promise<EventLogTarget> => ({
      connectionString: external ?? '',
      close: async () => {},
    }),
    skip: external === undefined,
  },
]
