import { bytesToHex, concat, hexToBytes } from 'viem'
import { hashContributionLeaves } from '../schema/codec/hash-contribution-leaves.ts'
import { buildMerkleTree } from '../schema/codec/merkle-tree.ts'
import { canonicalRow, type Row, rowHash } from '../schema/codec/row.ts'
import { sha256 } from '../schema/codec/sha256.ts'
import { BaseError } from '../schema/errors.ts'
import type { Hex } from '../schema/events/event.ts'
import type { SealedContribution } from './row-vault.ts'

/**
 * Computes what goes on-chain about an upload, without storing anything.
 *
 * @throws `ROWS_EMPTY`, `ROW_SALT_INVALID`.
 */
export function sealContribution(upload: {
  readonly rows: readonly Row[]
  readonly salts: readonly Hex[]
}): SealedContribution & { readonly leafList: Uint8Array } {
  const { rows, salts } = upload
  if (rows.length === 0) throw new BaseError('ROWS_EMPTY')
  if (salts.length !== rows.length)
    throw new BaseError('ROW_SALT_INVALID', { facts: { rows: rows.length, salts: salts.length } })
  const wrong = salts.findIndex((salt) => !/^0x[0-9a-f]{64}$/.test(salt))
  if (wrong >= 0)
    throw new BaseError('ROW_SALT_INVALID', { facts: { index: wrong, salt: salts[wrong] } })
  const leafList = hashContributionLeaves(
    hexToBytes(concat(salts)),
    hexToBytes(concat(rows.map(rowHash))),
  )
  const leaves = rows.map((_, i) => bytesToHex(leafList.subarray(32 * i, 32 * i + 32)))
  return {
    root: buildMerkleTree(leaves).root,
    dataHash: sha256(leafList),
    leaves,
    byteSize: rows.reduce((sum, row) => sum + BigInt(Buffer.byteLength(canonicalRow(row))), 0n),
    leafList,
  }
}
