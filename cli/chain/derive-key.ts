import { keccak256, toBytes } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import type { Hex } from '../../schema/events/event.ts'

export interface KeyPair {
  readonly privateKey: Hex
  readonly address: Hex
}

/**
 * Derives the key of a named account of a private development chain from a seed.
 *
 * The keys are as public as the seed: they never hold anything on a real chain.
 */
export function deriveKey(seed: number, name: string): KeyPair {
  const privateKey = keccak256(toBytes(`provenant development key ${seed} ${name}`))
  return { privateKey, address: privateKeyToAddress(privateKey).toLowerCase() as Hex }
}
