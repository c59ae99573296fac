import { contributionVotesAbi } from '../../contracts/abi/contribution-votes.ts'
import { votesEvents } from '../../schema/events/votes.ts'
import { eventDecoders } from './event-decoders.ts'
import { ignore, logDecoder } from './log-decoder.ts'
import { meaningsOf } from './meanings-of.ts'

const events = eventDecoders(contributionVotesAbi)

/** Facts of the votes contract. */
export const decodeContributionVotes = logDecoder([
  ...meaningsOf(events, votesEvents),
  ignore(events.AuthorityUpdated),
  ignore(events.EIP712DomainChanged),
])
