import { DataSource, type EntitySchema } from 'typeorm'
import { migrations } from '../../migrations/migrations.ts'
import { entities } from '../../schema/entities/entities.ts'
import { finalizedEntities } from '../../schema/entities/finalized.ts'
import { generationEntity } from '../../schema/entities/generation.ts'
import { BaseError } from '../../schema/errors.ts'

const all = [...entities, ...finalizedEntities, generationEntity]

/**
 * Connects to the database of the read model.
 *
 * @param mapped - Entities whose repositories are asked for; preparing all takes some 40 ms.
 * @throws `DATABASE_UNAVAILABLE` when it does not answer.
 */
export async function connectDatabase(
  databaseUrl: string,
  poolSize = 4,
  mapped: readonly EntitySchema[] = all as readonly EntitySchema[],
): Promise<DataSource> {
  const dataSource = new DataSource({
    type: 'postgres',
    url: databaseUrl,
    entities: [...mapped],
    migrations,
    synchronize: false,
    logging: false,
    poolSize,
    connectTimeoutMS: 10_000,
    // An idle connection that the server drops emits `error`; without a handler that ends the process.
    poolErrorHandler: () => undefined,
  })
  try {
    return await dataSource.initialize()
  } catch (cause) {
    throw new BaseError('DATABASE_UNAVAILABLE', {
      facts: { url: hidePassword(databaseUrl) },
      cause,
    })
  }
}

function hidePassword(databaseUrl: string): string {
  try {
    const url = new URL(databaseUrl)
    url.password = url.password === '' ? '' : '***'
    return url.href
  } catch {
    return 'not a URL'
  }
}
