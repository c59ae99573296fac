/** A value that JSON can hold without loss. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined }

/**
 * Writes JSON in one possible way: keys sorted by UTF-16 code unit, no white space (RFC 8785).
 *
 * Numbers must be safe integers: a float has several spellings across languages, so fractions are
 * stored as scaled integers or decimal strings.
 *
 * @example
 * canonicalJson({ b: 1, a: [true] })
 * // '{"a":[true],"b":1}'
 */
export function canonicalJson(value: Json): string {
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    throw new TypeError(`canonical JSON holds safe integers only, not ${value}`)
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  const record = value as { readonly [key: string]: Json | undefined }
  const fields = Object.keys(record)
    .sort()
    .flatMap((key) => {
      const field = record[key]
      return field === undefined ? [] : [`${JSON.stringify(key)}:${canonicalJson(field)}`]
    })
  return `{${fields.join(',')}}`
}
