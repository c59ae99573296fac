import type { EventLog } from '../../eventlog/client/event-log.ts'
import type { EpochClosed } from '../../schema/events/attribution.ts'
import { epochStream } from '../../schema/events/streams.ts'

/** Reads the epochs that the engine has closed over a chain, oldest first. */
export async function readClosedEpochs(
  eventLog: EventLog,
  chainId: number,
): Promise<readonly EpochClosed['data'][]> {
  const epochs: EpochClosed['data'][] = []
  for await (const { type, data } of eventLog.read(epochStream(chainId)))
    if (type === 'EpochClosed') epochs.push(data as unknown as EpochClosed['data'])
  return epochs
}
