import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { CallBody } from '../schema/codec/call-body.ts'
import { createCallVault } from './create-call-vault.ts'
import { hashPath } from './hash-path.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'provenant-calls-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const key = new Uint8Array(32).fill(7)
const body: CallBody = {
  request: { model: 'oz', prompt: 'What is ERC20?', maxTokens: 40, nonce: `0x${'5'.repeat(64)}` },
  output: { text: ' A token.\n', completionTokens: [32, 65, 10] },
}

test('a body comes back with the key and is unreadable on disk', async () => {
  const id = await createCallVault(dir, key).put(body)
  expect(await createCallVault(dir, key).get(id)).toEqual(body)
  expect((await readFile(hashPath(dir, id))).toString('latin1')).not.toContain('ERC20')
})

test('another key opens nothing', async () => {
  const id = await createCallVault(dir, key).put(body)
  const other = createCallVault(dir, new Uint8Array(32).fill(8))
  await expect(other.get(id)).rejects.toMatchObject({ code: 'CALL_BODY_UNREADABLE' })
})

test('any changed byte and any cut is noticed', async () => {
  const vault = createCallVault(dir, key)
  const id = await vault.put(body)
  const sealed = await readFile(hashPath(dir, id))
  for (let at = 1; at < sealed.length; at += 7) {
    const changed = Buffer.from(sealed)
    changed[at] = (changed[at] ?? 0) ^ 1
    await writeFile(hashPath(dir, id), changed)
    await expect(vault.get(id)).rejects.toMatchObject({ code: 'CALL_BODY_UNREADABLE' })
  }
  for (const length of [0, 1, 12, 28, sealed.length - 1]) {
    await writeFile(hashPath(dir, id), sealed.subarray(0, length))
    await expect(vault.get(id)).rejects.toMatchObject({ code: 'CALL_BODY_UNREADABLE' })
  }
})

test('a body filed under the hash of another request is noticed', async () => {
  const vault = createCallVault(dir, key)
  const id = await vault.put(body)
  const other = `0x${'9'.repeat(64)}` as const
  await mkdir(dirname(hashPath(dir, other)), { recursive: true })
  await copyFile(hashPath(dir, id), hashPath(dir, other))
  await expect(vault.get(other)).rejects.toMatchObject({ code: 'CALL_BODY_UNREADABLE' })
})

test('an unknown call is missing and a short key is refused', async () => {
  const vault = createCallVault(dir, key)
  await expect(vault.get(`0x${'1'.repeat(64)}`)).rejects.toMatchObject({
    code: 'CALL_BODY_MISSING',
  })
  expect(() => createCallVault(dir, new Uint8Array(16))).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID' }),
  )
})
