import { provenantAccessAbi } from '../../contracts/abi/provenant-access.ts'
import { accessEvents } from '../../schema/events/access.ts'
import { eventDecoders } from './event-decoders.ts'
import { logDecoder } from './log-decoder.ts'
import { meaningsOf } from './meanings-of.ts'

/** Facts of the AccessManager. */
export const decodeProvenantAccess = logDecoder(
  meaningsOf(eventDecoders(provenantAccessAbi), accessEvents),
)
