import { EntitySchema } from 'typeorm'
import type { Hex } from '../events/event.ts'
import { amount, integer, text } from './column-types.ts'

/** A key that may sign vouchers for a payer. */
export class SessionKey {
  declare payer: Hex
  declare key: Hex
  declare validUntil: number
  declare cap: bigint
  declare spent: bigint
}

export const sessionKeyEntity = new EntitySchema<SessionKey>({
  name: 'SessionKey',
  target: SessionKey,
  tableName: 'session_key',
  columns: {
    payer: text('payer', { primary: true }),
    key: text('key', { primary: true }),
    validUntil: integer('valid_until'),
    cap: amount('cap'),
    spent: amount('spent'),
  },
})
