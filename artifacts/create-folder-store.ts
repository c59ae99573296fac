import { access, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256 } from '../schema/codec/sha256.ts'
import { BaseError } from '../schema/errors.ts'
import type { Hex } from '../schema/events/event.ts'
import type { ArtifactStore } from './artifact-store.ts'
import { hashPath } from './hash-path.ts'
import { readFileIfPresent } from './read-file-if-present.ts'
import { writeFileAtomic } from './write-file-atomic.ts'

/**
 * Opens a folder as an artifact store; it is made on the first write.
 *
 * @example
 * await using store = createFolderStore('data/artifacts')
 * const hash = await store.put(new TextEncoder().encode('{}'))
 */
export function createFolderStore(dir: string): ArtifactStore {
  const has = async (hash: Hex) =>
    access(hashPath(dir, hash)).then(
      () => true,
      () => false,
    )
  const close = async () => {}
  return {
    async put(bytes) {
      const hash = sha256(bytes)
      const held = await readFileIfPresent(hashPath(dir, hash))
      // A damaged file is replaced: the caller just proved that it has the right bytes.
      if (held === undefined || sha256(held) !== hash)
        await writeFileAtomic(hashPath(dir, hash), bytes)
      return hash
    },
    async get(hash) {
      const bytes = await readFileIfPresent(hashPath(dir, hash))
      if (bytes === undefined) throw new BaseError('ARTIFACT_MISSING', { facts: { hash } })
      if (sha256(bytes) !== hash)
        throw new BaseError('ARTIFACT_CORRUPT', { facts: { hash, bytes: bytes.length } })
      return bytes
    },
    has,
    list: () => listHashes(dir),
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function* listHashes(dir: string): AsyncGenerator<Hex> {
  for (const first of await subfolders(dir)) {
    for (const second of await subfolders(join(dir, first))) {
      const names = await readdir(join(dir, first, second))
      for (const name of names.sort()) if (/^[0-9a-f]{64}$/.test(name)) yield `0x${name}`
    }
  }
}

async function subfolders(dir: string): Promise<readonly string[]> {
  try {
    return (await readdir(dir)).filter((name) => /^[0-9a-f]{2}$/.test(name)).sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
