import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sha256 } from '../schema/codec/sha256.ts'
import type { Hex } from '../schema/events/event.ts'
import type { ArtifactStore } from './artifact-store.ts'
import { createFolderStore } from './create-folder-store.ts'
import { hashPath } from './hash-path.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'provenant-store-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

async function listAll(store: ArtifactStore): Promise<readonly Hex[]> {
  const hashes: Hex[] = []
  for await (const hash of store.list()) hashes.push(hash)
  return hashes
}
const bytes = (text: string) => new TextEncoder().encode(text)

test('bytes come back under their sha256, also from a second store on the same folder', async () => {
  await using store = createFolderStore(dir)
  const hash = await store.put(bytes('abc'))
  expect(hash).toBe('0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  await using other = createFolderStore(dir)
  expect(new TextDecoder().decode(await other.get(hash))).toBe('abc')
  expect(await other.has(hash)).toBe(true)
})

test('an address that is not held is a missing artifact', async () => {
  const store = createFolderStore(join(dir, 'never-made'))
  const hash = sha256('nothing')
  await expect(store.get(hash)).rejects.toMatchObject({ code: 'ARTIFACT_MISSING', facts: { hash } })
  expect(await store.has(hash)).toBe(false)
  expect(await listAll(store)).toEqual([])
})

test('changed, cut and lengthened bytes are refused, and putting them again repairs the file', async () => {
  const store = createFolderStore(dir)
  const hash = await store.put(bytes('fee'))
  for (const damage of ['fef', 'fe', 'feee', '']) {
    await writeFile(hashPath(dir, hash), damage)
    await expect(store.get(hash)).rejects.toMatchObject({ code: 'ARTIFACT_CORRUPT' })
  }
  await store.put(bytes('fee'))
  expect(await store.get(hash)).toHaveLength(3)
})

test('a name that is no hash never becomes a path', async () => {
  const store = createFolderStore(dir)
  for (const hash of ['0x../../etc/passwd', '0xAB', '', `0x${'AB'.repeat(32)}`])
    await expect(store.get(hash as Hex)).rejects.toMatchObject({ code: 'HASH_INVALID' })
})

test('fifty writers of the same bytes leave one file and no temporary ones', async () => {
  const store = createFolderStore(dir)
  const hashes = await Promise.all(Array.from({ length: 50 }, () => store.put(bytes('same'))))
  expect(new Set(hashes).size).toBe(1)
  const files = (await readdir(dir, { recursive: true })).filter((name) => name.length > 5)
  expect(files).toHaveLength(1)
})

test('the list is ascending and passes over what is no artifact', async () => {
  const store = createFolderStore(dir)
  const hashes = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((text) => store.put(bytes(text))))
  await writeFile(join(dir, 'README'), 'a stray file')
  await writeFile(`${hashPath(dir, hashes[0] as Hex)}.1.tmp`, 'left by a crash')
  expect(await listAll(store)).toEqual([...hashes].sort())
})
