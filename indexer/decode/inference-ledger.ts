import { inferenceLedgerAbi } from '../../contracts/abi/inference-ledger.ts'
import type { Hex } from '../../schema/events/event.ts'
import { settlementEvents } from '../../schema/events/settlement.ts'
import { eventDecoders } from './event-decoders.ts'
import { ignore, logDecoder, on } from './log-decoder.ts'
import { lower } from './lower.ts'
import { meaningsOf } from './meanings-of.ts'
import { unpackBatch } from './unpack-batch.ts'

const events = eventDecoders(inferenceLedgerAbi)

/** Topic of the log that ends a batch. */
export const batchPackedTopic = events.BatchPacked.topic

/**
 * Facts of the inference ledger.
 *
 * @param skippedLanes lanes of a batch of the same transaction that were not charged
 */
export const inferenceLedgerDecoder = (
  chainId: number,
  ledger: Hex,
  skippedLanes: (batchId: bigint) => ReadonlySet<number>,
) =>
  logDecoder([
    on(events.CodecRegistered, (e) => ({
      type: 'CodecRegistered',
      data: { codec: e.codec, specHash: e.specHash },
    })),
    on(events.LaneSkipped, (e) => ({
      type: 'BatchLaneSkipped',
      data: {
        batchId: e.batchId.toString(),
        lane: e.lane,
        payer: lower(e.payer),
        modelId: e.modelId.toString(),
        termsVersion: e.termsVersion,
        reason: e.reason,
      },
    })),
    {
      topic: batchPackedTopic,
      read: (log) => {
        const batch = events.BatchPacked.decode(log)
        return unpackBatch(chainId, ledger, batch, skippedLanes(batch.batchId))
      },
    },
    ...meaningsOf(events, settlementEvents, {
      LedgerPausedSet: 'PausedSet',
      BatchRootCommitted: 'BatchCommitted',
    }),
    ignore(events.AuthorityUpdated),
    ignore(events.EIP712DomainChanged),
  ])

/** Reads batch and lane of a `LaneSkipped` log; `undefined` for any other log. */
export function readSkippedLane(log: {
  readonly topics: readonly Hex[]
  readonly data: Hex
}): { readonly batchId: bigint; readonly lane: number } | undefined {
  if (log.topics[0] !== events.LaneSkipped.topic) return undefined
  const { batchId, lane } = events.LaneSkipped.decode(log)
  return { batchId, lane }
}
