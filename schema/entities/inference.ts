import { EntitySchema } from 'typeorm'
import type { Decimal, Hex } from '../events/event.ts'
import { ChainRow, chainColumns } from './chain-row.ts'
import { amount, counter, integer, text } from './column-types.ts'

/** One paid call; `id` is its call id. */
export class Inference extends ChainRow {
  declare id: Hex
  declare batchId: Decimal
  /** Position in the packed batch. */
  declare index: number
  declare operator: Hex
  declare payer: Hex
  declare modelId: Decimal
  declare modelVersion: number
  declare termsVersion: number
  declare fee: bigint
  declare tokensIn: number
  declare tokensOut: number
  /** Seconds since 1970, as the operator reported it. */
  declare calledAt: number
  declare requestHash: Hex
  declare outputHash: Hex
}

export const inferenceEntity = new EntitySchema<Inference>({
  name: 'Inference',
  target: Inference,
  tableName: 'inference',
  columns: {
    id: text('id', { primary: true }),
    batchId: counter('batch_id'),
    index: integer('index'),
    operator: text('operator'),
    payer: text('payer'),
    modelId: counter('model_id'),
    modelVersion: integer('model_version'),
    termsVersion: integer('terms_version'),
    fee: amount('fee'),
    tokensIn: integer('tokens_in'),
    tokensOut: integer('tokens_out'),
    calledAt: integer('called_at'),
    requestHash: text('request_hash'),
    outputHash: text('output_hash'),
    ...chainColumns,
  },
})
