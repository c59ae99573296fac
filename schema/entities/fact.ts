import { EntitySchema } from 'typeorm'
import type { Decimal, Hex } from '../events/event.ts'
import { ChainRow, chainColumns } from './chain-row.ts'
import { counter, text } from './column-types.ts'

/** A fact of the chain that has no table of its own, as the event log holds it. */
export class Fact extends ChainRow {
  declare id: string
  declare type: string
  /** Every account that the fact names. */
  declare accounts: readonly Hex[]
  declare datanetId: Decimal | null
  declare contributionId: Decimal | null
  declare modelId: Decimal | null
  declare epoch: Decimal | null
  declare proposalId: Decimal | null
  declare data: Readonly<Record<string, unknown>>
}

export const factEntity = new EntitySchema<Fact>({
  name: 'Fact',
  target: Fact,
  tableName: 'fact',
  columns: {
    id: text('id', { primary: true }),
    type: text('type'),
    accounts: { name: 'accounts', type: 'text', array: true },
    datanetId: counter('datanet_id', { nullable: true }),
    contributionId: counter('contribution_id', { nullable: true }),
    modelId: counter('model_id', { nullable: true }),
    epoch: counter('epoch', { nullable: true }),
    proposalId: counter('proposal_id', { nullable: true }),
    data: { name: 'data', type: 'jsonb' },
    ...chainColumns,
  },
})
