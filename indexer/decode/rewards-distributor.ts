import { rewardsDistributorAbi } from '../../contracts/abi/rewards-distributor.ts'
import { epochProposalEvents } from '../../schema/events/epoch.ts'
import { rewardControlEvents } from '../../schema/events/reward-control.ts'
import { eventDecoders } from './event-decoders.ts'
import { ignore, logDecoder, on } from './log-decoder.ts'
import { lower } from './lower.ts'
import { meaningsOf } from './meanings-of.ts'

const events = eventDecoders(rewardsDistributorAbi)

/** Facts of the rewards distributor. */
export const decodeRewardsDistributor = logDecoder([
  on(events.Funded, (e) => ({
    type: 'RewardsFunded',
    data: {
      from: lower(e.from),
      amount: e.amount.toString(),
      fundedCumulative: e.fundedCumulative.toString(),
    },
  })),
  ...meaningsOf(events, epochProposalEvents),
  on(events.EpochRejected, (e) => ({
    type: 'EpochRejected',
    data: { epoch: e.epoch.toString(), reasonCode: e.reasonCode },
  })),
  on(events.EpochActivated, (e) => ({
    type: 'EpochActivated',
    data: { epoch: e.epoch.toString() },
  })),
  on(events.Claimed, (e) => ({
    type: 'RewardClaimed',
    data: {
      account: lower(e.account),
      recipient: lower(e.recipient),
      amount: e.amount.toString(),
      cumulative: e.cumulative.toString(),
      epoch: e.epoch.toString(),
    },
  })),
  on(events.RecipientSet, (e) => ({
    type: 'RecipientSet',
    data: {
      account: lower(e.account),
      previous: lower(e.oldRecipient),
      recipient: lower(e.newRecipient),
    },
  })),
  ...meaningsOf(events, rewardControlEvents),
  ignore(events.AuthorityUpdated),
])
