import { modelProposalsAbi } from '../../contracts/abi/model-proposals.ts'
import { proposalEvents } from '../../schema/events/proposal.ts'
import { eventDecoders } from './event-decoders.ts'
import { ignore, logDecoder } from './log-decoder.ts'
import { meaningsOf } from './meanings-of.ts'

const events = eventDecoders(modelProposalsAbi)

/** Facts of the proposal market. */
export const decodeModelProposals = logDecoder([
  ...meaningsOf(events, proposalEvents, {
    ProposalsCreated: 'SettingsInitialized',
    ModelProposalCreated: 'ProposalCreated',
    ModelProposalVoteCast: 'VoteCast',
    ModelProposalClosed: 'ProposalClosed',
    ProposalCredited: 'Credited',
    ProposalWithdrawn: 'Withdrawn',
    ModelProposalsPausedSet: 'PausedSet',
  }),
  ignore(events.AuthorityUpdated),
])
