import type { MoneyEvent } from '../../schema/events/money.ts'
import { escrowKey, type FoldedKeys } from './folded-keys.ts'
import { factRow, type TableRow } from './table-row.ts'

type EscrowEvent = Extract<MoneyEvent, { type: `Escrow${string}` }>

/** Rows of a fact of the escrow or the rewards distributor's money. */
export function moneyRow(fact: MoneyEvent, id: string, keys: FoldedKeys): TableRow {
  const { metadata } = fact
  switch (fact.type) {
    case 'EscrowDeposited':
    case 'EscrowThawStarted':
    case 'EscrowWithdrawn':
    case 'EscrowCharged':
      keys.escrowAccounts.add(escrowKey(fact.data.payer, fact.data.operator))
      return escrowRow(fact, id)
    case 'RewardsFunded':
      return factRow('funding', metadata, {
        id,
        funder: fact.data.from,
        amount: fact.data.amount,
        funded_cumulative: fact.data.fundedCumulative,
      })
    case 'RewardClaimed': {
      const { account, recipient, amount, cumulative, epoch } = fact.data
      keys.rewardAccounts.add(account)
      return factRow('claim', metadata, { id, account, recipient, amount, cumulative, epoch })
    }
    case 'RecipientSet': {
      const { account, recipient } = fact.data
      keys.rewardAccounts.add(account)
      return factRow('recipient_change', metadata, { id, account, recipient })
    }
    default:
      return fact satisfies never
  }
}

function escrowRow(fact: EscrowEvent, id: string): TableRow {
  const { payer, operator, amount } = fact.data
  const entry = (
    kind: string,
    rest: { cumulative?: string; batchId?: string; calls?: string; thawEnd?: string },
  ) =>
    factRow('escrow_entry', fact.metadata, {
      id,
      kind,
      payer,
      operator,
      amount,
      cumulative: rest.cumulative ?? null,
      batch_id: rest.batchId ?? null,
      calls: rest.calls ?? null,
      thaw_end: rest.thawEnd ?? null,
    })
  switch (fact.type) {
    case 'EscrowDeposited':
      return entry('deposit', { cumulative: fact.data.depositedCumulative })
    case 'EscrowThawStarted':
      return entry('thaw', { thawEnd: fact.data.thawEnd })
    case 'EscrowWithdrawn':
      return entry('withdrawal', { cumulative: fact.data.withdrawnCumulative })
    case 'EscrowCharged': {
      const { chargedCumulative, batchId, calls } = fact.data
      return entry('charge', { cumulative: chargedCumulative, batchId, calls })
    }
    default:
      return fact satisfies never
  }
}
