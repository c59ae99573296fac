import { encodeAbiParameters, keccak256 } from 'viem'
import type { Hex } from '../events/event.ts'

/** Leaf of a contribution: index, salt and hash of one row. Erasing row and salt leaves it opaque. */
export const contributionLeaf = (index: number, salt: Hex, hash: Hex): Hex =>
  keccak256(
    keccak256(
      encodeAbiParameters(
        [{ type: 'uint32' }, { type: 'bytes32' }, { type: 'bytes32' }],
        [index, salt, hash],
      ),
    ),
  )

/** Identity of a recorded call: chain, ledger, batch and position. */
export const callId = (chainId: number, ledger: Hex, batchId: bigint, index: number): Hex =>
  keccak256(
    encodeAbiParameters(
      [{ type: 'uint256' }, { type: 'address' }, { type: 'uint256' }, { type: 'uint32' }],
      [BigInt(chainId), ledger, batchId, index],
    ),
  )
