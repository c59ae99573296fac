import { EntitySchema } from 'typeorm'
import type { Decimal, Hex } from '../events/event.ts'
import { counter, integer, text } from './column-types.ts'

/** What the engine decided about one call; its rows and shares hang on `callId`. */
export class Attribution {
  declare callId: Hex
  declare modelId: Decimal
  declare version: number
  declare epoch: Decimal
  declare queryHash: Hex
  declare rule: 'influence' | 'flat'
  declare engineHash: Hex
}

export const attributionEntity = new EntitySchema<Attribution>({
  name: 'Attribution',
  target: Attribution,
  tableName: 'attribution',
  columns: {
    callId: text('call_id', { primary: true }),
    modelId: counter('model_id'),
    version: integer('version'),
    epoch: counter('epoch'),
    queryHash: text('query_hash'),
    rule: text('rule'),
    engineHash: text('engine_hash'),
  },
})
