import type pg from 'pg'
import type { GroupSettings } from './group-settings.ts'

export interface GroupRecord {
  readonly id: number
  /** A stream name, or `$all`. */
  readonly source: string
  readonly name: string
  settings: GroupSettings
  /** Everything up to here is settled: a revision of the stream, a position of `$all`. */
  readonly checkpoint: number
  /** Delivery attempts of events after the checkpoint, by place. */
  readonly retries: Readonly<Record<string, number>>
}

export interface GroupStore {
  list(): Promise<readonly GroupRecord[]>
  /** `undefined` if the group exists already. */
  create(record: Omit<GroupRecord, 'id' | 'retries'>): Promise<GroupRecord | undefined>
  update(id: number, settings: GroupSettings): Promise<void>
  remove(id: number): Promise<void>
  save(id: number, checkpoint: number, retries: Readonly<Record<string, number>>): Promise<void>
  park(id: number, place: number, reason: string): Promise<void>
  unpark(id: number, places: readonly number[]): Promise<void>
  parked(id: number, limit: number): Promise<readonly number[]>
  countParked(id: number): Promise<number>
}

export function createGroupStore(pool: pg.Pool, schema: string): GroupStore {
  const groups = `${schema}.consumer_group`
  const parked = `${schema}.parked_event`
  const run = async (text: string, values: unknown[]): Promise<void> => {
    await pool.query(text, values)
  }
  return {
    async list() {
      return (await pool.query(`SELECT * FROM ${groups} ORDER BY id`)).rows.map(toRecord)
    },
    async create({ source, name, settings, checkpoint }) {
      const { rows } = await pool.query(
        `INSERT INTO ${groups} (source, name, settings, checkpoint) VALUES ($1, $2, $3, $4)
         ON CONFLICT (source, name) DO NOTHING RETURNING *`,
        [source, name, settings, checkpoint],
      )
      return rows[0] && toRecord(rows[0])
    },
    update: (id, settings) =>
      run(`UPDATE ${groups} SET settings = $2 WHERE id = $1`, [id, settings]),
    remove: (id) => run(`DELETE FROM ${groups} WHERE id = $1`, [id]),
    save: (id, checkpoint, retries) =>
      run(`UPDATE ${groups} SET checkpoint = $2, retries = $3 WHERE id = $1`, [
        id,
        checkpoint,
        retries,
      ]),
    park: (id, place, reason) =>
      run(
        `INSERT INTO ${parked} (group_id, position, reason) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
        [id, place, reason],
      ),
    unpark: (id, places) =>
      run(`DELETE FROM ${parked} WHERE group_id = $1 AND position = ANY($2::bigint[])`, [
        id,
        places,
      ]),
    async parked(id, limit) {
      const { rows } = await pool.query(
        `SELECT position FROM ${parked} WHERE group_id = $1 ORDER BY position LIMIT $2`,
        [id, limit],
      )
      return rows.map((row) => Number(row.position))
    },
    async countParked(id) {
      const { rows } = await pool.query(`SELECT count(*) FROM ${parked} WHERE group_id = $1`, [id])
      return Number(rows[0]?.count ?? 0)
    },
  }
}

const toRecord = (row: {
  id: string
  source: string
  name: string
  settings: GroupSettings
  checkpoint: string
  retries: Record<string, number>
}): GroupRecord => ({ ...row, id: Number(row.id), checkpoint: Number(row.checkpoint) })
