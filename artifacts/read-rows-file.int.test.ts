import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readRowsFile } from './read-rows-file.ts'

let dir: string
let path: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'provenant-upload-'))
  path = join(dir, 'rows.jsonl')
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const row = (question: string, answer = 'yes') => `${JSON.stringify({ question, answer })}\n`

test('rows come in file order over chunk borders, with a byte order mark and blank lines', async () => {
  const lines = Array.from({ length: 3000 }, (_, i) => row(`${i} ${'ü'.repeat(i % 97)}`))
  await writeFile(path, `\uFEFF${lines.join('\r\n')}`)
  const rows = await readRowsFile(path)
  expect(rows.map(({ question }) => row(question))).toEqual(lines)
})

test('the last line counts without a newline at its end', async () => {
  await writeFile(path, row('a') + row('b').trim())
  expect(await readRowsFile(path)).toHaveLength(2)
})

test('the fault is named with its line', async () => {
  await writeFile(path, `${row('a')}\n${row('b')}{"question":"c"}\n`)
  await expect(readRowsFile(path)).rejects.toMatchObject({
    code: 'ROWS_MALFORMED',
    facts: { line: 4 },
  })
})

test('a line over 1 MB is refused', async () => {
  await writeFile(path, row('a') + row('x'.repeat(1_000_000)))
  await expect(readRowsFile(path)).rejects.toMatchObject({
    code: 'ROWS_LINE_TOO_LONG',
    facts: { line: 2 },
  })
})

test('a line of 100 MB is refused without holding it in memory', async () => {
  const file = await open(path, 'w')
  await file.truncate(100_000_000)
  await file.close()
  const before = process.memoryUsage().rss
  await expect(readRowsFile(path)).rejects.toMatchObject({ code: 'ROWS_LINE_TOO_LONG' })
  expect(process.memoryUsage().rss - before).toBeLessThan(40_000_000)
})

test('more than 10 MB of rows are refused', async () => {
  await writeFile(path, row('x'.repeat(999_000)).repeat(11))
  await expect(readRowsFile(path)).rejects.toMatchObject({ code: 'ROWS_FILE_TOO_LARGE' })
})

test('empty files, blank files, folders and missing files are told apart', async () => {
  await writeFile(path, '')
  await expect(readRowsFile(path)).rejects.toMatchObject({ code: 'ROWS_EMPTY' })
  await writeFile(path, ' \r\n\n')
  await expect(readRowsFile(path)).rejects.toMatchObject({ code: 'ROWS_EMPTY' })
  await expect(readRowsFile(dir)).rejects.toMatchObject({ code: 'ROWS_FILE_UNREADABLE' })
  await expect(readRowsFile(`${path}.gone`)).rejects.toMatchObject({ code: 'ROWS_FILE_UNREADABLE' })
})
