import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { BaseError } from '../../schema/errors.ts'

/**
 * Reads one file of a model directory.
 *
 * @throws `code` if the file is missing, is not a file, or is larger than `maxBytes`.
 */
export async function readModelFile(
  directory: string,
  file: string,
  code: 'MODEL_INVALID' | 'ADAPTER_INVALID',
  maxBytes: number,
): Promise<Uint8Array> {
  const path = join(directory, file)
  try {
    const status = await stat(path)
    if (status.isFile() && status.size <= maxBytes) return await readFile(path)
  } catch (cause) {
    throw new BaseError(code, { facts: { directory, file, reason: 'cannot be read' }, cause })
  }
  throw new BaseError(code, { facts: { directory, file, reason: `larger than ${maxBytes} bytes` } })
}
