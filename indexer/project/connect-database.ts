import { DataSource } from 'typeorm'
import { migrations } from '../../migrations/migrations.ts'
import { entities } from '../../schema/entities/entities.ts'
import { finalizedEntities } from '../../schema/entities/finalized.ts'
import { generationEntity } from '../../schema/entities/generation.ts'
import { BaseError } from '../../schema/errors.ts'

/**
 * Connects to the database of the read model.
 *
 * @throws `DATABASE_UNAVAILABLE` when it does not answer.
 */
export async function connectDatabase(databaseUrl: string, poolSize = 4): Promise<DataSource> {
  const dataSource = new DataSource({
    type: 'postgres',
    url: databaseUrl,
    entities: [...entities, ...finalizedEntities, generationEntity],
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
