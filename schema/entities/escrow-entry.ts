import { EntitySchema } from 'typeorm'
import type { Decimal, Hex } from '../events/event.ts'
import { ChainRow, chainColumns } from './chain-row.ts'
import { amount, counter, integer, text } from './column-types.ts'

/** One movement of an escrow account; `cumulative` is the total of its kind (thawing: null). */
export class EscrowEntry extends ChainRow {
  declare id: string
  declare kind: 'deposit' | 'thaw' | 'withdrawal' | 'charge'
  declare payer: Hex
  declare operator: Hex
  declare amount: bigint
  declare cumulative: bigint | null
  declare batchId: Decimal | null
  declare calls: number | null
  declare thawEnd: number | null
}

export const escrowEntryEntity = new EntitySchema<EscrowEntry>({
  name: 'EscrowEntry',
  target: EscrowEntry,
  tableName: 'escrow_entry',
  columns: {
    id: text('id', { primary: true }),
    kind: text('kind'),
    payer: text('payer'),
    operator: text('operator'),
    amount: amount('amount'),
    cumulative: amount('cumulative', { nullable: true }),
    batchId: counter('batch_id', { nullable: true }),
    calls: integer('calls', { nullable: true }),
    thawEnd: integer('thaw_end', { nullable: true }),
    ...chainColumns,
  },
})
