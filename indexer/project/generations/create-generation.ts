import type { DataSource } from 'typeorm'
import type { Generation } from '../../../schema/entities/generation.ts'
import { hasRole, readGeneration } from './read-generation.ts'
import { readGenerations } from './read-generations.ts'

/** Finds the generation that is being rebuilt, or makes an empty schema for the next one. */
export async function createGeneration(source: DataSource): Promise<Generation> {
  const next = (await readGenerations(source)).find((one) => hasRole(one, 'next'))
  if (next !== undefined) return next
  await source.transaction(async (manager) => {
    const [{ number }] = await manager.query(
      `SELECT nextval(pg_get_serial_sequence('projections.generation', 'number')) AS number`,
    )
    const schema = `proj_${number}`
    await manager.query(`CREATE SCHEMA ${schema}`)
    await manager.query(
      `INSERT INTO projections.generation (number, schema, state) VALUES ($1, $2, 'building')`,
      [number, schema],
    )
  })
  return readGeneration(source, 'next')
}
