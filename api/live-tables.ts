import { DataSource } from 'typeorm'
import { entities } from '../schema/entities/entities.ts'
import { finalizedEntities } from '../schema/entities/finalized.ts'
import { Generation, generationEntity } from '../schema/entities/generation.ts'
import { schemaLevel } from '../schema/entities/schema-level.ts'
import { withSearchPath } from '../schema/entities/search-path.ts'
import { BaseError } from '../schema/errors.ts'

/** The tables that are live at the moment, each generation behind a pool of its own. */
export interface LiveTables extends AsyncDisposable {
  /**
   * Connects a request to the live generation. Whoever keeps the result for the whole request reads
   * one generation, also when another becomes live meanwhile.
   *
   * @throws `SCHEMA_MISMATCH`, `DATABASE_UNAVAILABLE`
   */
  current(): Promise<DataSource>
  close(): Promise<void>
}

const undefinedTable = '42P01'

/**
 * Opens the read model for readers and checks that it fits this version.
 *
 * @throws `SCHEMA_MISMATCH`, `DATABASE_UNAVAILABLE`
 */
export async function openLiveTables(databaseUrl: string): Promise<LiveTables> {
  const pointer = await connect(databaseUrl, [generationEntity], 2)
  const sources = new Map<string, Promise<DataSource>>()
  const current = async () => {
    const { schema, level } = await readLive(pointer)
    if (level !== schemaLevel)
      throw new BaseError('SCHEMA_MISMATCH', {
        facts: { schema, found: level, expected: schemaLevel },
      })
    let source = sources.get(schema)
    if (source === undefined) {
      const url = withSearchPath(databaseUrl, schema)
      source = connect(url, [...entities, ...finalizedEntities], 8)
      source.catch(() => sources.delete(schema))
      sources.set(schema, source)
    }
    return source
  }
  let closing: Promise<void> | undefined
  const close = () =>
    (closing ??= (async () => {
      for (const source of sources.values())
        await source.then((open) => open.destroy()).catch(() => undefined)
      await pointer.destroy()
    })())
  try {
    await current()
  } catch (error) {
    await close()
    throw error
  }
  return { current, close, [Symbol.asyncDispose]: close }
}

async function readLive(pointer: DataSource): Promise<Generation> {
  try {
    return await pointer.getRepository(Generation).findOneByOrFail({ state: 'live' })
  } catch (cause) {
    if ((cause as { code?: unknown }).code === undefinedTable)
      throw new BaseError('SCHEMA_MISMATCH', { facts: { expected: schemaLevel }, cause })
    throw new BaseError('DATABASE_UNAVAILABLE', { cause })
  }
}

async function connect(
  url: string,
  schemas: typeof entities | readonly (typeof generationEntity)[],
  max: number,
): Promise<DataSource> {
  const source = new DataSource({
    type: 'postgres',
    url,
    entities: [...schemas],
    extra: { max, statement_timeout: 5000 },
    // An idle connection that the server drops emits `error`; without a handler that ends the process.
    poolErrorHandler: () => undefined,
  })
  return source.initialize().catch((cause: unknown) => {
    throw new BaseError('DATABASE_UNAVAILABLE', { cause })
  })
}
