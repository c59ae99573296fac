import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { EventShape, FieldKinds } from '../../schema/events/event-shape.ts'
import { lower } from './lower.ts'
import { storableText } from './storable-text.ts'

type Kind = keyof FieldKinds

/**
 * Takes the fields of a shape from the decoded arguments of a log; fields of structs count as
 * arguments of their own.
 *
 * @throws `EVENT_FIELD_INVALID` when an argument is missing or does not fit its kind.
 */
export function readFields(
  shape: EventShape,
  args: Readonly<Record<string, unknown>>,
): Readonly<Record<string, FieldKinds[Kind]>> {
  const flat = flatten(args)
  return Object.fromEntries(
    Object.entries(shape).map(([field, kind]) => {
      const value = readers[kind](flat[field])
      if (value === undefined)
        throw new BaseError('EVENT_FIELD_INVALID', {
          facts: { field, kind, found: typeof flat[field] },
        })
      return [field, value]
    }),
  )
}

function flatten(args: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(args).flatMap(([name, value]) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.entries(flatten(value as Record<string, unknown>))
        : [[name, value]],
    ),
  )
}

const readers: { readonly [K in Kind]: (value: unknown) => FieldKinds[K] | undefined } = {
  address: readHex,
  addresses: listOf(readHex),
  hex: readHex,
  hexes: listOf(readHex),
  decimal: readDecimal,
  decimals: listOf(readDecimal),
  number: (value) => {
    const number = typeof value === 'bigint' ? Number(value) : value
    return Number.isSafeInteger(number) ? (number as number) : undefined
  },
  flag: (value) => (typeof value === 'boolean' ? value : undefined),
  text: readText,
  texts: listOf(readText),
}

function readHex(value: unknown): Hex | undefined {
  return typeof value === 'string' && value.startsWith('0x') ? lower(value as Hex) : undefined
}

function readText(value: unknown): string | undefined {
  return typeof value === 'string' ? storableText(value) : undefined
}

function readDecimal(value: unknown): string | undefined {
  return typeof value === 'bigint' || typeof value === 'number' ? value.toString() : undefined
}

function listOf<Item>(read: (value: unknown) => Item | undefined) {
  return (value: unknown): readonly Item[] | undefined => {
    if (!Array.isArray(value)) return undefined
    const items = value.map(read)
    return items.includes(undefined) ? undefined : (items as Item[])
  }
}
