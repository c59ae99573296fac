import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { contributionLeaf } from '../schema/codec/leaves.ts'
import { buildMerkleTree, rootOfProof } from '../schema/codec/merkle-tree.ts'
import { rowHash } from '../schema/codec/row.ts'
import { createFolderStore } from './create-folder-store.ts'
import { createRowVault } from './create-row-vault.ts'
import { drawSalts } from './draw-salts.ts'
import { hashPath } from './hash-path.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'provenant-rows-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const seeded = () => {
  let n = 0
  return (size: number) => new Uint8Array(size).fill(++n)
}
const open = () => createRowVault(join(dir, 'rows'), createFolderStore(join(dir, 'store')))
const upload = (count: number) => ({
  rows: Array.from({ length: count }, (_, i) => ({ question: `q${i} ä`, answer: `a${i}` })),
  salts: drawSalts(count, seeded()),
})

test('rows come back verified, and every one proves itself against the root', async () => {
  const { rows, salts } = upload(5)
  const sealed = await open().put({ rows, salts })
  const stored = await open().get(sealed.dataHash)
  expect(stored.leaves).toEqual(sealed.leaves)
  expect(stored.rows.map((held) => held?.row)).toEqual(rows)
  const tree = buildMerkleTree(stored.leaves)
  stored.rows.forEach((held, index) => {
    if (held === null) throw new Error('erased')
    const leaf = contributionLeaf(index, held.salt, rowHash(held.row))
    expect(rootOfProof(leaf, tree.proof(leaf))).toBe(sealed.root)
  })
  const json = rows.map((row) => `{"answer":"${row.answer}","question":"${row.question}"}`)
  expect(sealed.byteSize).toBe(BigInt(Buffer.byteLength(json.join(''))))
})

test('an erased row leaves no trace of text or salt, and the root stays valid', async () => {
  const { rows, salts } = upload(3)
  const sealed = await open().put({ rows, salts })
  await open().erase(sealed.dataHash, 1)
  await open().erase(sealed.dataHash, 1)
  const stored = await open().get(sealed.dataHash)
  expect(stored.rows.map((held) => held?.row.question)).toEqual(['q0 ä', undefined, 'q2 ä'])
  expect(buildMerkleTree(stored.leaves).root).toBe(sealed.root)
  const file = readFileSync(`${hashPath(join(dir, 'rows'), sealed.dataHash)}.json`, 'utf8')
  expect(file).not.toContain('q1')
  expect(file).not.toContain(salts[1])
})

test('storing a contribution again does not bring an erased row back', async () => {
  const given = upload(3)
  const { dataHash } = await open().put(given)
  await open().erase(dataHash, 2)
  await open().put(given)
  expect((await open().get(dataHash)).rows[2]).toBeNull()
})

test('erasing every row from many callers at once erases every row', async () => {
  const { dataHash } = await open().put(upload(12))
  await Promise.all(Array.from({ length: 12 }, (_, index) => open().erase(dataHash, index)))
  expect((await open().get(dataHash)).rows).toEqual(Array(12).fill(null))
})

test('an erasure that a crash cut short erases nothing else', async () => {
  const { dataHash } = await open().put(upload(3))
  const erased = `${hashPath(join(dir, 'rows'), dataHash)}.erased`
  await writeFile(erased, '\n1')
  await open().erase(dataHash, 0)
  expect((await open().get(dataHash)).rows.map((held) => held === null)).toEqual([
    true,
    false,
    false,
  ])
})

test('a row that does not match its leaf is refused with its index', async () => {
  const { dataHash } = await open().put(upload(3))
  const path = `${hashPath(join(dir, 'rows'), dataHash)}.json`
  const text = await readFile(path, 'utf8')
  await writeFile(path, text.replace('a1', 'b1'))
  await expect(open().get(dataHash)).rejects.toMatchObject({
    code: 'ROWS_CORRUPT',
    facts: { index: 1 },
  })
  await writeFile(path, text.slice(0, -20))
  await expect(open().get(dataHash)).rejects.toMatchObject({ code: 'ROWS_CORRUPT' })
})

test('missing rows, missing leaves, bad indices and bad salts are told apart', async () => {
  const { dataHash } = await open().put(upload(2))
  await expect(open().get(`0x${'1'.repeat(64)}`)).rejects.toMatchObject({ code: 'ROWS_MISSING' })
  for (const index of [2, -1, 0.5, Number.NaN])
    await expect(open().erase(dataHash, index)).rejects.toMatchObject({ code: 'ROW_INDEX_INVALID' })
  await rm(hashPath(join(dir, 'store'), dataHash))
  await expect(open().get(dataHash)).rejects.toMatchObject({ code: 'ARTIFACT_MISSING' })
  const { rows, salts } = upload(2)
  await expect(open().put({ rows, salts: salts.slice(1) })).rejects.toMatchObject({
    code: 'ROW_SALT_INVALID',
  })
  await expect(open().put({ rows, salts: [salts[0] ?? '0x', '0x12'] })).rejects.toMatchObject({
    code: 'ROW_SALT_INVALID',
  })
  await expect(open().put({ rows: [], salts: [] })).rejects.toMatchObject({ code: 'ROWS_EMPTY' })
})
