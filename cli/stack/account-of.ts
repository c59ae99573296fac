import { BaseError } from '../../schema/errors.ts'
import { deriveKey, type KeyPair } from '../chain/derive-key.ts'
import { readKeyFile } from '../chain/read-key-file.ts'
import type { RunningStack } from './connect-stack.ts'

/**
 * Chooses the account that sends the transactions of a command: the one of a key file, or on a
 * development chain the named one that follows from the seed, with gas.
 *
 * @throws `KEY_MISSING`, `KEY_FILE_INVALID`
 */
export async function accountOf(
  { dev, state }: Pick<RunningStack, 'dev' | 'state'>,
  name: string,
  keyFile: string | undefined,
): Promise<KeyPair> {
  if (keyFile !== undefined) return readKeyFile(keyFile)
  if (dev === undefined) throw new BaseError('KEY_MISSING', { facts: { chainId: state.chainId } })
  const key = deriveKey(state.seed, name)
  await dev.fund([key.address])
  return key
}
