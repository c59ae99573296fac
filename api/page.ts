import type { DataSource, EntityTarget, ObjectLiteral } from 'typeorm'
import { BaseError } from '../schema/errors.ts'

/** Largest page a client may ask for. */
export const maxPageSize = 200

export interface PageArguments {
  readonly first?: number | null
  readonly after?: string | null
}

/** Whether a page ends at the newest indexed block or at the newest final one. */
export interface FinalityArgument {
  readonly finality?: 'INSTANT' | 'FINALIZED' | null
}

export interface Page<T> {
  readonly nodes: readonly T[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

export const isFinal = ({ finality }: FinalityArgument): boolean => finality === 'FINALIZED'

/** Order of a page: properties of the entity that are unique together, all in one direction. */
export interface PageOrder<T> {
  readonly keys: readonly (keyof T & string)[]
  readonly direction: 'ASC' | 'DESC'
}

/**
 * Reads one page by keyset: the cursor is the tuple of sort keys of the last row, so a page costs
 * the same at any depth and does not shift when rows are added.
 *
 * @param where values that columns equal
 * @param holding values that array columns hold
 * @throws `QUERY_INVALID` for a page size out of range or a cursor that this server did not make.
 */
export async function readPage<T extends ObjectLiteral>(
  source: DataSource,
  entity: EntityTarget<T>,
  { keys, direction }: PageOrder<T>,
  where: Readonly<Partial<Record<keyof T & string, unknown>>>,
  page: PageArguments,
  holding: Readonly<Record<string, string>> = {},
): Promise<Page<T>> {
  const size = page.first ?? 50
  if (size < 1 || size > maxPageSize)
    throw new BaseError('QUERY_INVALID', { facts: { argument: 'first', value: size } })
  const query = source.getRepository(entity).createQueryBuilder('e')
  for (const [property, value] of Object.entries(where)) {
    if (value !== undefined && value !== null)
      query.andWhere(`e.${property} = :${property}`, { [property]: value })
  }
  for (const [property, value] of Object.entries(holding))
    query.andWhere(`e.${property} @> ARRAY[:${property}]`, { [property]: value })
  if (page.after != null) {
    const tuple = decodeCursor(page.after, keys.length)
    // A comparison of rows enters the index at the cursor; alternatives joined by OR read up to it.
    const columns = keys.map((property) => `e.${property}`).join(', ')
    const places = keys.map((_, i) => `:c${i}`).join(', ')
    query.andWhere(
      `(${columns}) ${direction === 'ASC' ? '>' : '<'} (${places})`,
      Object.fromEntries(tuple.map((value, i) => [`c${i}`, value])),
    )
  }
  for (const property of keys) query.addOrderBy(`e.${property}`, direction)
  const rows = await query.limit(size + 1).getMany()
  const nodes = rows.slice(0, size)
  const last = nodes.at(-1)
  return {
    nodes,
    pageInfo: {
      hasNextPage: rows.length > size,
      endCursor: last === undefined ? null : encodeCursor(keys.map((key) => String(last[key]))),
    },
  }
}

const encodeCursor = (tuple: readonly string[]): string =>
  Buffer.from(JSON.stringify(tuple)).toString('base64url')

function decodeCursor(cursor: string, length: number): readonly string[] {
  try {
    const tuple: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (
      Array.isArray(tuple) &&
      tuple.length === length &&
      tuple.every((part) => typeof part === 'string' && /^[0-9a-zx:.-]{1,80}$/.test(part))
    )
      return tuple
  } catch {
    // Falls through: a cursor that is no JSON is refused like any other foreign cursor.
  }
  throw new BaseError('QUERY_INVALID', { facts: { argument: 'after', value: cursor.slice(0, 80) } })
}
