import { createReadStream } from 'node:fs'
import type { Row } from '../schema/codec/row.ts'
import { BaseError } from '../schema/errors.ts'
import { parseRowLine } from './parse-row-line.ts'

const maxFileBytes = 10_000_000
const maxLineBytes = 1_000_000
const newline = 10

/**
 * Reads an upload: JSON lines of `{question, answer}`, at most 10 MB, lines of at most 1 MB.
 *
 * Reads in pieces and stops at the first fault, so a file of any size costs at most one line of
 * memory beyond its valid rows. Blank lines are passed over.
 *
 * @throws `ROWS_ENCODING_INVALID`, `ROWS_LINE_TOO_LONG`, `ROWS_FILE_TOO_LARGE`, `ROWS_MALFORMED`,
 * `ROWS_EMPTY`, `ROWS_FILE_UNREADABLE`; the facts name file and line.
 */
export async function readRowsFile(path: string): Promise<readonly Row[]> {
  const rows: Row[] = []
  let line = 0
  for await (const bytes of readLines(path)) {
    line += 1
    if (!isBlank(bytes)) rows.push(parseRowLine(bytes, line))
  }
  if (rows.length === 0) throw new BaseError('ROWS_EMPTY', { facts: { path } })
  return rows
}

async function* readLines(path: string): AsyncGenerator<Uint8Array> {
  let size = 0
  let line = 1
  let rest: Uint8Array = new Uint8Array()
  for await (const chunk of readChunks(path)) {
    size += chunk.length
    if (size > maxFileBytes)
      throw new BaseError('ROWS_FILE_TOO_LARGE', { facts: { path, line, maxFileBytes } })
    let from = 0
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
      checkLine(path, line, rest.length + end - from)
      yield Buffer.concat([rest, chunk.subarray(from, end)])
      rest = new Uint8Array()
      line += 1
      from = end + 1
    }
    checkLine(path, line, rest.length + chunk.length - from)
    rest = Buffer.concat([rest, chunk.subarray(from)])
  }
  if (rest.length > 0) yield rest
}

async function* readChunks(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path) as AsyncIterable<Uint8Array>
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).syscall === undefined) throw cause
    throw new BaseError('ROWS_FILE_UNREADABLE', { facts: { path }, cause })
  }
}

function checkLine(path: string, line: number, bytes: number): void {
  if (bytes > maxLineBytes)
    throw new BaseError('ROWS_LINE_TOO_LONG', { facts: { path, line, maxLineBytes } })
}

const isBlank = (bytes: Uint8Array): boolean =>
  bytes.every((byte) => byte === 32 || byte === 9 || byte === 13)
