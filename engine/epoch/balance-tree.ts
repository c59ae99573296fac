import { epochLeaf } from '../../schema/codec/leaves.ts'
import { buildMerkleTree, type MerkleTree } from '../../schema/codec/merkle-tree.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { Balance } from './tally-balances.ts'

/** Builds the Merkle tree that the rewards distributor verifies claims against. */
export const balanceTree = (token: Hex, balances: readonly Balance[]): MerkleTree =>
  buildMerkleTree(
    balances.map(({ account, cumulative }) => epochLeaf(account, token, BigInt(cumulative))),
  )
