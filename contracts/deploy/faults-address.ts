import { getContractAddress } from 'viem'
import type { Hex } from '../../schema/events/event.ts'

/** Address of the fault proofs, which the constructor of `EpochDisputes` creates; lowercase. */
export function faultsAddress(disputes: Hex): Hex {
  return getContractAddress({ from: disputes, nonce: 1n }).toLowerCase() as Hex
}
