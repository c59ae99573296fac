import { EntitySchema } from 'typeorm'
import type { Decimal, Hex } from '../events/event.ts'
import { ChainRow, chainColumns } from './chain-row.ts'
import { amount, counter, integer, text } from './column-types.ts'

/** A dispute about the weights of a proposed epoch; `outcome` is null while it is open. */
export class Dispute extends ChainRow {
  declare id: Decimal
  declare epoch: Decimal
  declare challenger: Hex
  declare bond: bigint
  declare evidenceHash: Hex
  declare commitEnd: number
  declare revealEnd: number
  declare upholdVotes: number
  declare dismissVotes: number
  declare outcome: number | null
}

export const disputeEntity = new EntitySchema<Dispute>({
  name: 'Dispute',
  target: Dispute,
  tableName: 'dispute',
  columns: {
    id: counter('id', { primary: true }),
    epoch: counter('epoch'),
    challenger: text('challenger'),
    bond: amount('bond'),
    evidenceHash: text('evidence_hash'),
    commitEnd: integer('commit_end'),
    revealEnd: integer('reveal_end'),
    upholdVotes: integer('uphold_votes'),
    dismissVotes: integer('dismiss_votes'),
    outcome: integer('outcome', { nullable: true }),
    ...chainColumns,
  },
})
