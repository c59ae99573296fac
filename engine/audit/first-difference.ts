/** Where two values differ first, in the order of keys and positions. */
export interface Difference {
  /** For example `calls[3].shares[0].amount`. */
  readonly path: string
  readonly expected: string
  readonly found: string
}

/** Finds the first difference between two JSON values, or undefined if they are equal. */
export function firstDifference(
  expected: unknown,
  found: unknown,
  path = '',
): Difference | undefined {
  if (Object.is(expected, found)) return undefined
  if (!isContainer(expected) || !isContainer(found)) {
    return { path, expected: show(expected), found: show(found) }
  }
  const list = Array.isArray(expected)
  if (list !== Array.isArray(found)) return { path, expected: show(expected), found: show(found) }
  const keys = [...new Set([...Object.keys(expected), ...Object.keys(found)])]
  for (const key of list ? keys : keys.sort()) {
    const inner = list ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`
    const difference = firstDifference(expected[key], found[key], inner)
    if (difference !== undefined) return difference
  }
  return undefined
}

const isContainer = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const show = (value: unknown): string =>
  value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 200)
