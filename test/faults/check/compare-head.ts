import type pg from 'pg'
import { numberToHex } from 'viem'
import type { ChainFinality } from '../../../schema/chain-finality.ts'
import type { CallNode } from '../chain/call-node.ts'

interface Head {
  readonly indexed_height: string
  readonly indexed_hash: string
  readonly finalized_height: string
  readonly finalized_hash: string
}

interface Block {
  readonly number: string
  readonly hash: string
}

/** Compares what the tables call the newest and the last final block with the node. */
export async function compareHead(
  call: CallNode,
  finality: ChainFinality,
  database: pg.Client,
): Promise<readonly string[]> {
  const { rows } = await database.query<Head>('SELECT * FROM chain_head')
  const [head] = rows
  if (head === undefined) return ['the tables have no head']
  const block = (at: string) => call<Block | null>('eth_getBlockByNumber', [at, false])
  const latest = await block('latest')
  const final = await block(numberToHex(Number(head.finalized_height)))
  const due =
    typeof finality === 'number'
      ? Number(latest?.number) - finality
      : Number((await block(finality))?.number)
  return [
    ...(latest?.hash === head.indexed_hash
      ? []
      : [`the tables are at ${head.indexed_height} ${head.indexed_hash}, not at ${latest?.hash}`]),
    ...(final?.hash === head.finalized_hash
      ? []
      : [`final block ${head.finalized_height} is ${final?.hash}, not ${head.finalized_hash}`]),
    ...(Number(head.finalized_height) === due
      ? []
      : [`block ${head.finalized_height} is called final, ${due} is due`]),
  ]
}
