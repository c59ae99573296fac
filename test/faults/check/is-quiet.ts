import type pg from 'pg'
import { chainStream } from '../../../schema/events/streams.ts'
import type { World } from '../world/world.ts'

interface Head {
  readonly hash: string
  readonly top: readonly { readonly hash: string }[]
}

/**
 * Tells cheaply whether log and tables claim to be where the chain is. Whether that is true is for
 * the comparison to say, which costs a hundred times as much.
 */
export async function isQuiet({ chain }: World, database: pg.Client): Promise<boolean> {
  const { rows } = await database.query<{ metadata: Buffer; last: string; reached: string }>(
    `SELECT metadata, (SELECT max(position) FROM eventlog.event) AS last,
       (SELECT position FROM projection_checkpoint WHERE name = 'read-model') AS reached
     FROM eventlog.event JOIN eventlog.stream ON stream.id = stream_id
     WHERE name = $1 ORDER BY position DESC LIMIT 1`,
    [chainStream(chain.deployment.chainId)],
  )
  const [row] = rows
  if (row === undefined || row.last !== row.reached) return false
  const { head } = JSON.parse(row.metadata.toString('utf8')) as { readonly head?: Head }
  const block = await chain.call<{ hash: string }>('eth_getBlockByNumber', ['latest', false])
  return (head?.top.at(-1)?.hash ?? head?.hash) === block.hash
}
