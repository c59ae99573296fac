import { GraphQLError, GraphQLScalarType, Kind } from 'graphql'

/** Unsigned integer of any size as decimal digits. */
export const bigIntScalar = new GraphQLScalarType<string, string>({
  name: 'BigInt',
  serialize: (value) => String(value),
  parseValue: (value) => digits(value),
  parseLiteral: (node) =>
    digits(node.kind === Kind.INT || node.kind === Kind.STRING ? node.value : undefined),
})

/** `0x`-prefixed hex; input in any case, output in lower case. */
export const hexScalar = new GraphQLScalarType<string, string>({
  name: 'Hex',
  serialize: (value) => String(value),
  parseValue: (value) => hex(value),
  parseLiteral: (node) => hex(node.kind === Kind.STRING ? node.value : undefined),
})

/** JSON that only ever goes out: facts are read, never written. */
export const jsonScalar = new GraphQLScalarType<unknown, unknown>({
  name: 'JSON',
  serialize: (value) => value,
})

function digits(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text === 'string' && /^(0|[1-9][0-9]{0,77})$/.test(text)) return text
  throw new GraphQLError('A BigInt is up to 78 decimal digits.')
}

function hex(value: unknown): string {
  if (typeof value === 'string' && /^0x[0-9a-fA-F]{1,64}$/.test(value)) return value.toLowerCase()
  throw new GraphQLError('A Hex is 0x followed by 1 to 64 hex digits.')
}
