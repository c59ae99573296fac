import { EntitySchema } from 'typeorm'
import type { Decimal, Hex } from '../events/event.ts'
import { amount, counter, text } from './column-types.ts'

/** What an account receives for a call under one title. */
export class AttributionShare {
  declare callId: Hex
  declare account: Hex
  declare role: 'platform' | 'owner' | 'stakers' | 'influence' | 'retrieval' | 'flat'
  declare amount: bigint
  declare epoch: Decimal
}

export const attributionShareEntity = new EntitySchema<AttributionShare>({
  name: 'AttributionShare',
  target: AttributionShare,
  tableName: 'attribution_share',
  columns: {
    callId: text('call_id', { primary: true }),
    account: text('account', { primary: true }),
    role: text('role', { primary: true }),
    amount: amount('amount'),
    epoch: counter('epoch'),
  },
})
