import { BaseError } from '../../schema/errors.ts'
import { type ControlFact, controlEvents } from '../../schema/events/control-events.ts'
import { escrowKey, type FoldedKeys } from './folded-keys.ts'
import { factRow, type TableRow } from './table-row.ts'

/** What the table of facts can be filtered by beside the accounts: field of the event → column. */
const subjects = {
  datanetId: 'datanet_id',
  contributionId: 'contribution_id',
  modelId: 'model_id',
  epoch: 'epoch',
  proposalId: 'proposal_id',
} as const

const isAccount = (value: unknown): value is string =>
  typeof value === 'string' && /^0x[0-9a-f]{40}$/.test(value) && !/^0x0+$/.test(value)

/** Row of a fact that is kept as it is, or of a decision about a contribution or an epoch. */
export function controlRow(fact: ControlFact, id: string, keys: FoldedKeys): TableRow {
  const { metadata } = fact
  if (fact.type === 'ContributionRevoked') {
    keys.contributions.add(fact.data.contributionId)
    return factRow('contribution_decision', metadata, {
      id,
      contribution_id: fact.data.contributionId,
      status: 'revoked',
      decided_by: fact.data.by,
      reason_code: fact.data.reasonCode,
    })
  }
  if (fact.type === 'EpochDisputed') {
    return factRow('epoch_decision', metadata, {
      id,
      epoch: fact.data.epoch,
      status: fact.data.disputed ? 'disputed' : 'proposed',
      reason_code: null,
    })
  }
  if (fact.type === 'EscrowThawCancelled') {
    const { payer, operator } = fact.data
    keys.escrowAccounts.add(escrowKey(payer, operator))
    // From here on nothing thaws: the same as a thaw of nothing.
    return factRow('escrow_entry', metadata, {
      id,
      kind: 'thaw',
      payer,
      operator,
      amount: '0',
      cumulative: null,
      batch_id: null,
      calls: null,
      thaw_end: null,
    })
  }
  if (!(fact.type in controlEvents))
    throw new BaseError('EVENT_LOG_CORRUPT', {
      facts: { id, type: (fact as ControlFact).type, expected: 'a known type' },
    })
  const data: Readonly<Record<string, unknown>> = fact.data
  const accounts = [...new Set(Object.values(data).filter(isAccount))].sort()
  const found = Object.entries(subjects).map(([field, column]) => [column, data[field] ?? null])
  return factRow('fact', metadata, {
    id,
    type: fact.type,
    accounts,
    ...(Object.fromEntries(found) as Record<string, string | null>),
    data: fact.data,
  })
}
