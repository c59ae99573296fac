import type { DataSource } from 'typeorm'
import { nothingHandled } from '../checkpoint.ts'

/** Name of the checkpoint of the read model, the same in every generation. */
export const readModel = 'read-model'

/** Reads up to where the tables of a schema are. */
export async function readPosition(
  connection: Pick<DataSource, 'query'>,
  schema: string,
): Promise<bigint> {
  const [row] = await connection.query(
    `SELECT position FROM ${schema}.projection_checkpoint WHERE name = $1`,
    [readModel],
  )
  return BigInt(row?.position ?? nothingHandled)
}
