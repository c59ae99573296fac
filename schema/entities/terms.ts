import { EntitySchema } from 'typeorm'
import type { Decimal } from '../events/event.ts'
import { ChainRow, chainColumns } from './chain-row.ts'
import { amount, counter, integer, text } from './column-types.ts'

/** Prices and shares of a model from a moment on; `id` is `<modelId>-<version>`. */
export class Terms extends ChainRow {
  declare id: string
  declare modelId: Decimal
  declare version: number
  declare pricePer1kIn: bigint
  declare pricePer1kOut: bigint
  declare platformBps: number
  declare ownerBps: number
  declare stakersBps: number
  declare contributorsBps: number
  declare retrievalBps: number
  /** Seconds since 1970. */
  declare validFrom: number
}

export const termsEntity = new EntitySchema<Terms>({
  name: 'Terms',
  target: Terms,
  tableName: 'terms',
  columns: {
    id: text('id', { primary: true }),
    modelId: counter('model_id'),
    version: integer('version'),
    pricePer1kIn: amount('price_per_1k_in'),
    pricePer1kOut: amount('price_per_1k_out'),
    platformBps: integer('platform_bps'),
    ownerBps: integer('owner_bps'),
    stakersBps: integer('stakers_bps'),
    contributorsBps: integer('contributors_bps'),
    retrievalBps: integer('retrieval_bps'),
    validFrom: integer('valid_from'),
    ...chainColumns,
  },
})
