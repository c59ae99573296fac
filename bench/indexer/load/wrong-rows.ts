import { concatHex, encodeAbiParameters, type Hex, keccak256, numberToHex } from 'viem'
import type { BurstChain } from '../burst-chain.ts'
import { query } from './disk-usage.ts'

interface FoundRow {
  readonly block_number: string
  readonly block_hash: string
  readonly facts: readonly string[]
}

/**
 * Reads the rows of some events and compares them with what the emitter says for those events
 * (BurstEmitter.sol) and with the node's blocks.
 *
 * @param series indices of events
 * @returns indices whose row is missing or wrong
 */
export async function wrongRows(
  databaseUrl: string,
  chain: Pick<BurstChain, 'rpc'>,
  series: readonly number[],
): Promise<readonly number[]> {
  const wrong: number[] = []
  for (const k of series) {
    const { text, id, facts } = expectedRow(k)
    const [row, twice] = await query<FoundRow>(databaseUrl, text, [id])
    const same = row !== undefined && twice === undefined && String(row.facts) === String(facts)
    if (!same || !(await isOnChain(chain, row))) wrong.push(k)
  }
  return wrong
}

const text = (table: string, columns: string) =>
  `SELECT block_number, block_hash, ARRAY[${columns}]::text[] AS facts FROM ${table} WHERE id = $1`

function expectedRow(k: number) {
  const group = Math.floor(k / 10) + 1
  const hash = word(BigInt(k))
  const again = keccak256(hash)
  const inverse = numberToHex(BigInt(hash) ^ (2n ** 256n - 1n), { size: 32 })
  switch (k % 10) {
    case 0:
      return { text: text('datanet', 'meta_hash, licence'), id: group, facts: [hash, '1'] }
    case 1:
      return {
        text: text(
          'training_run',
          'model_id, dataset_root, config_hash, data_order_hash, artefact_hash',
        ),
        id: group,
        facts: ['1', hash, inverse, numberToHex(group, { size: 32 }), again],
      }
    case 2:
      return {
        text: text('model_version', 'model_id, version, run_id, artefact_hash'),
        id: `1-${group}`,
        facts: ['1', group, group, hash],
      }
    default:
      return {
        text: text('contribution', 'datanet_id, root, rows, byte_size, data_hash, status'),
        id: k + 1,
        facts: [group, hash, '100', '12345', again, 'submitted'],
      }
  }
}

const word = (value: bigint): Hex => keccak256(encodeAbiParameters([{ type: 'uint256' }], [value]))

async function isOnChain(chain: Pick<BurstChain, 'rpc'>, row: FoundRow): Promise<boolean> {
  const height = numberToHex(Number(row.block_number))
  const block = await chain.rpc<{ hash: Hex }>('eth_getBlockByNumber', [height, false])
  return concatHex([block.hash]) === row.block_hash
}
