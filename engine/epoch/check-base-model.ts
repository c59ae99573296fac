import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'

/**
 * Checks that a directory holds the base model that a training run was made on.
 *
 * @throws MODEL_INVALID if it is another one or cannot be read.
 */
export async function checkBaseModel(directory: string, expected: Hex): Promise<void> {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(join(directory, 'model.safetensors')), hash)
  } catch (cause) {
    throw new BaseError('MODEL_INVALID', { facts: { file: 'model.safetensors' }, cause })
  }
  const found = `0x${hash.digest('hex')}`
  if (found !== expected) throw new BaseError('MODEL_INVALID', { facts: { expected, found } })
}
