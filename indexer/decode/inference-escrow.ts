import { inferenceEscrowAbi } from '../../contracts/abi/inference-escrow.ts'
import { escrowControlEvents } from '../../schema/events/escrow-control.ts'
import { eventDecoders } from './event-decoders.ts'
import { ignore, logDecoder, on } from './log-decoder.ts'
import { lower } from './lower.ts'
import { meaningsOf } from './meanings-of.ts'

const events = eventDecoders(inferenceEscrowAbi)

/** Facts of the inference escrow. */
export const decodeInferenceEscrow = logDecoder([
  on(events.Deposited, (e) => ({
    type: 'EscrowDeposited',
    data: {
      payer: lower(e.payer),
      operator: lower(e.operator),
      amount: e.amount.toString(),
      depositedCumulative: e.depositedCumulative.toString(),
    },
  })),
  on(events.ThawStarted, (e) => ({
    type: 'EscrowThawStarted',
    data: {
      payer: lower(e.payer),
      operator: lower(e.operator),
      amount: e.amount.toString(),
      thawEnd: e.thawEnd.toString(),
    },
  })),
  on(events.Withdrawn, (e) => ({
    type: 'EscrowWithdrawn',
    data: {
      payer: lower(e.payer),
      operator: lower(e.operator),
      amount: e.amount.toString(),
      withdrawnCumulative: e.withdrawnCumulative.toString(),
    },
  })),
  on(events.Charged, (e) => ({
    type: 'EscrowCharged',
    data: {
      batchId: e.batchId.toString(),
      payer: lower(e.payer),
      operator: lower(e.operator),
      amount: e.amount.toString(),
      chargedCumulative: e.chargedCumulative.toString(),
      calls: e.calls.toString(),
    },
  })),
  ...meaningsOf(events, escrowControlEvents, {
    EscrowThawCancelled: 'ThawCancelled',
    EscrowPausedSet: 'PausedSet',
  }),
  ignore(events.AuthorityUpdated),
])
