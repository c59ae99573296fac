import { keccak256, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'

/** Derives an account of the bench; the same name and number give the same one in every run. */
export function devAccount(name: string, index: number) {
  return privateKeyToAccount(keccak256(toHex(`provenant gas bench ${name} ${index}`)))
}
