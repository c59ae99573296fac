import { provenantGovernorAbi } from '../../contracts/abi/provenant-governor.ts'
import { governorEvents } from '../../schema/events/governance.ts'
import { eventDecoders } from './event-decoders.ts'
import { ignore, logDecoder } from './log-decoder.ts'
import { meaningsOf } from './meanings-of.ts'

const events = eventDecoders(provenantGovernorAbi)

/** Facts of the governor. */
export const decodeProvenantGovernor = logDecoder([
  ...meaningsOf(events, governorEvents, {
    GovernanceProposed: 'ProposalCreated',
    GovernanceExtended: 'ProposalExtended',
    GovernanceQueued: 'ProposalQueued',
    GovernanceExecuted: 'ProposalExecuted',
    GovernanceCanceled: 'ProposalCanceled',
    GovernanceVoteCast: 'VoteCast',
    GovernanceVoteCastWithParams: 'VoteCastWithParams',
  }),
  ignore(events.EIP712DomainChanged),
])
