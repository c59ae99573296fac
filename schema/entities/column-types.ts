import type { EntitySchemaColumnOptions } from 'typeorm'

interface ColumnExtras {
  readonly nullable?: boolean
  readonly primary?: boolean
}

/** Amount in base units: `numeric(78,0)` in the table, `bigint` in the class. */
export const amount = (name: string, extras: ColumnExtras = {}): EntitySchemaColumnOptions => ({
  name,
  type: 'numeric',
  precision: 78,
  scale: 0,
  transformer: {
    to: (value: bigint | null | undefined) => (value == null ? value : value.toString()),
    from: (value: string | null) => (value === null ? null : BigInt(value)),
  },
  ...extras,
})

/** Counter of a contract: `numeric(78,0)` in the table, so it sorts by value; decimal digits in the class. */
export const counter = (name: string, extras: ColumnExtras = {}): EntitySchemaColumnOptions => ({
  name,
  type: 'numeric',
  precision: 78,
  scale: 0,
  ...extras,
})

/** Integer that fits a JavaScript number: `bigint` in the table. */
export const integer = (name: string, extras: ColumnExtras = {}): EntitySchemaColumnOptions => ({
  name,
  type: 'bigint',
  transformer: {
    to: (value: number | null | undefined) => value,
    from: (value: string | null) => (value === null ? null : Number(value)),
  },
  ...extras,
})

/** Text: addresses and hashes are `0x`-prefixed lowercase hex. */
export const text = (name: string, extras: ColumnExtras = {}): EntitySchemaColumnOptions => ({
  name,
  type: 'text',
  ...extras,
})

export const flag = (name: string, extras: ColumnExtras = {}): EntitySchemaColumnOptions => ({
  name,
  type: 'boolean',
  ...extras,
})
