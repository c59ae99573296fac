import type { EventLog } from '../../eventlog/client/event-log.ts'
import { BaseError } from '../../schema/errors.ts'
import type { EpochClosed } from '../../schema/events/attribution.ts'
import { readClosedEpochs } from './read-closed-epochs.ts'

/**
 * Finds a closed epoch by its number; the newest one if none is named.
 *
 * @throws `EPOCH_UNKNOWN`
 */
export async function findClosedEpoch(
  eventLog: EventLog,
  chainId: number,
  number: number | undefined,
): Promise<EpochClosed['data']> {
  const closed = await readClosedEpochs(eventLog, chainId)
  const found =
    number === undefined ? closed.at(-1) : closed.find(({ epoch }) => epoch === String(number))
  if (found !== undefined) return found
  throw new BaseError('EPOCH_UNKNOWN', { facts: { epoch: number ?? 'newest', of: closed.length } })
}
