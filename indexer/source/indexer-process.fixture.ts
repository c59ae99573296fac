import { createEventLog } from '../../eventlog/client/create-event-log.ts'
import { createIndexer, type IndexerOptions } from './create-indexer.ts'

/** An indexer as a process of its own, for tests that kill it; options come as JSON. */
const { eventLogUrl, ...options } = JSON.parse(process.argv[2] ?? '') as Omit<
  IndexerOptions,
  'eventLog'
> & { readonly eventLogUrl: string }

await createIndexer({
  ...options,
  eventLog: createEventLog({ connectionString: eventLogUrl }),
}).run()
