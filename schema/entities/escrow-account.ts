import { EntitySchema } from 'typeorm'
import type { Hex } from '../events/event.ts'
import { amount, integer, text } from './column-types.ts'

/** Totals of what a payer put in escrow for an operator, folded from its entries. */
export class EscrowAccount {
  declare payer: Hex
  declare operator: Hex
  declare deposited: bigint
  declare withdrawn: bigint
  declare charged: bigint
  /** Amount of the last announced withdrawal that was not paid out. */
  declare thawing: bigint
  /** Seconds since 1970. */
  declare thawEnd: number | null
  /** Block of the last entry. */
  declare blockNumber: number
  declare blockHash: Hex
}

export const escrowAccountEntity = new EntitySchema<EscrowAccount>({
  name: 'EscrowAccount',
  target: EscrowAccount,
  tableName: 'escrow_account',
  columns: {
    payer: text('payer', { primary: true }),
    operator: text('operator', { primary: true }),
    deposited: amount('deposited'),
    withdrawn: amount('withdrawn'),
    charged: amount('charged'),
    thawing: amount('thawing'),
    thawEnd: integer('thaw_end', { nullable: true }),
    blockNumber: integer('block_number'),
    blockHash: text('block_hash'),
  },
})
