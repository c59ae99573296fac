import { realpath } from 'node:fs/promises'
import { resolve, sep } from 'node:path'
import { BaseError } from '../../schema/errors.ts'

/**
 * Resolves an adapter path from outside against the only directory that adapters may come from.
 *
 * Links are followed before the comparison, so that a link cannot lead out of the root.
 * Throws `ADAPTER_INVALID`.
 */
export async function adapterPath(path: string, adapterRoot: string): Promise<string> {
  const refused = (reason: string, cause?: unknown): BaseError =>
    new BaseError('ADAPTER_INVALID', { facts: { path, reason }, cause })
  try {
    const root = await realpath(adapterRoot)
    const found = await realpath(resolve(root, path))
    if (found.startsWith(root + sep)) return found
  } catch (cause) {
    throw refused('the directory cannot be read', cause)
  }
  throw refused('the directory lies outside the adapter root')
}
