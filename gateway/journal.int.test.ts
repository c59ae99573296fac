import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Hex } from '../schema/events/event.ts'
import { openJournal } from './journal.ts'
import type { AcceptedCall } from './lane.ts'

let dir: string
let path: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'provenant-journal-'))
  path = join(dir, 'sub', 'calls.journal')
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const hash: Hex = `0x${'1'.repeat(64)}`
const id = { payer: `0x${'a'.repeat(40)}`, modelId: 7, termsVersion: 2 } as const
const call = (n: number): AcceptedCall => ({
  call: {
    ...id,
    modelVersion: 1,
    fee: 2n ** 95n + BigInt(n),
    tokensIn: 3,
    tokensOut: 4,
    calledAt: 1_700_000_000,
    requestHash: hash,
    outputHash: hash,
  },
  citations: [{ rowId: '1:2', scoreMicros: 5 }],
  voucher: {
    ...id,
    operator: `0x${'b'.repeat(40)}`,
    calls: BigInt(n),
    cumulativeMaxFee: 2n ** 127n,
    callsChain: hash,
  },
  signer: `0x${'c'.repeat(40)}`,
  signature: '0x1234',
})

test('calls come back as they were, in order, after many writers at once', async () => {
  const { journal } = await openJournal(path)
  await Promise.all(Array.from({ length: 200 }, (_, n) => journal.append(call(n))))
  expect(journal.size).toBe(200)
  await journal.close()
  await journal.close()
  const again = await openJournal(path)
  expect(again.calls).toEqual(Array.from({ length: 200 }, (_, n) => call(n)))
  await again.journal.close()
})

test('what a crash cut off is dropped at any byte, and the next call follows cleanly', async () => {
  const { journal } = await openJournal(path)
  await journal.append(call(1))
  const { length: first } = await readFile(path)
  await journal.append(call(2))
  await journal.close()
  const bytes = await readFile(path)
  for (let cut = first; cut < bytes.length; cut += 37) {
    await writeFile(path, bytes.subarray(0, cut))
    const opened = await openJournal(path)
    expect(opened.calls).toEqual([call(1)])
    await opened.journal.append(call(3))
    await opened.journal.close()
    const after = await openJournal(path)
    expect(after.calls).toEqual([call(1), call(3)])
    await after.journal.close()
  }
})

test('a changed byte is damage', async () => {
  const { journal } = await openJournal(path)
  await journal.append(call(1))
  await journal.append(call(2))
  await journal.close()
  const bytes = await readFile(path)
  for (let at = 0; at < bytes.length - 1; at += 41) {
    const changed = Buffer.from(bytes)
    changed[at] = (changed[at] ?? 0) ^ 1
    await writeFile(path, changed)
    await expect(openJournal(path)).rejects.toMatchObject({ code: 'JOURNAL_CORRUPT' })
  }
})

test('compaction keeps what is unsettled and loses no call that arrives meanwhile', async () => {
  const { journal } = await openJournal(path)
  const appends = Array.from({ length: 50 }, (_, n) => journal.append(call(n)))
  const compactions = [1, 2, 3].map(() => journal.compact(({ voucher }) => voucher.calls < 20n))
  appends.push(...Array.from({ length: 50 }, (_, n) => journal.append(call(50 + n))))
  await Promise.all([...appends, ...compactions])
  await journal.append(call(100))
  await journal.close()
  const again = await openJournal(path)
  expect(again.calls.map(({ voucher }) => Number(voucher.calls))).toEqual(
    Array.from({ length: 81 }, (_, n) => 20 + n),
  )
  await again.journal.close()
})

test('a closed journal takes nothing', async () => {
  const { journal } = await openJournal(path)
  await journal.close()
  await expect(journal.append(call(1))).rejects.toMatchObject({ code: 'GATEWAY_CLOSED' })
  // Another gateway may hold the file by now.
  await expect(journal.compact(() => true)).rejects.toMatchObject({ code: 'GATEWAY_CLOSED' })
})

test('one process at a time writes a journal, and a lock left by a crash does not stay', async () => {
  const first = await openJournal(path)
  await expect(openJournal(path)).rejects.toMatchObject({ code: 'JOURNAL_LOCKED' })
  await first.journal.close()
  await writeFile(`${path}.lock`, String(process.ppid))
  await expect(openJournal(path)).rejects.toMatchObject({
    code: 'JOURNAL_LOCKED',
    facts: { pid: process.ppid },
  })
  for (const stale of ['4194304', String(process.pid), 'nonsense', '']) {
    await writeFile(`${path}.lock`, stale)
    const { journal } = await openJournal(path)
    await journal.close()
  }
})
