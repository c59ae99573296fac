import type { EventFilter } from '../../eventlog/client/event-log.ts'
import { chainStream, epochStream } from '../../schema/events/streams.ts'

/** Selects the streams of one chain that the read model is made of. */
export const projectedStreams = (chainId: number): EventFilter => ({
  by: 'stream',
  prefixes: [chainStream(chainId), 'attribution-', epochStream(chainId)],
})
