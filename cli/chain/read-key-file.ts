import { readFile } from 'node:fs/promises'
import { privateKeyToAddress } from 'viem/accounts'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { KeyPair } from './derive-key.ts'

/**
 * Reads the private key of an account from a file; keys on a command line are visible to everyone.
 *
 * @throws `KEY_FILE_INVALID`
 */
export async function readKeyFile(path: string): Promise<KeyPair> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new BaseError('KEY_FILE_INVALID', { facts: { path }, cause })
  })
  const privateKey = text.trim() as Hex
  try {
    return { privateKey, address: privateKeyToAddress(privateKey).toLowerCase() as Hex }
  } catch {
    // The cause would print the key.
    throw new BaseError('KEY_FILE_INVALID', { facts: { path } })
  }
}
