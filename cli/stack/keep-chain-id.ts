import { randomInt } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BaseError } from '../../schema/errors.ts'

/**
 * Gives the id of the folder's own chain: the kept one, the configured one, or one drawn at random
 * so that two folders never share an id.
 *
 * @throws `WRONG_CHAIN_ID` when another id is configured than the folder's chain has.
 */
export async function keepChainId(dir: string, configured: number | undefined): Promise<number> {
  const path = join(dir, 'chain-id')
  const kept = Number(await readFile(path, 'utf8').catch(() => ''))
  if (Number.isSafeInteger(kept) && kept > 0) {
    if (configured !== undefined && configured !== kept)
      throw new BaseError('WRONG_CHAIN_ID', { facts: { expected: configured, actual: kept, dir } })
    return kept
  }
  const chainId = configured ?? randomInt(100_000, 2_000_000_000)
  await writeFile(path, `${chainId}\n`)
  return chainId
}
