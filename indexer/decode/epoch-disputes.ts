import { epochDisputesAbi } from '../../contracts/abi/epoch-disputes.ts'
import { disputeEvents } from '../../schema/events/dispute.ts'
import { eventDecoders } from './event-decoders.ts'
import { ignore, logDecoder } from './log-decoder.ts'
import { meaningsOf } from './meanings-of.ts'

const events = eventDecoders(epochDisputesAbi)

/** Facts of fault proofs and disputes. */
export const decodeEpochDisputes = logDecoder([
  ...meaningsOf(events, disputeEvents),
  ignore(events.AuthorityUpdated),
])
