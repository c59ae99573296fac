import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { readFileIfPresent } from '../artifacts/read-file-if-present.ts'
import { writeFileAtomic } from '../artifacts/write-file-atomic.ts'
import { BaseError } from '../schema/errors.ts'
import { decodeJournalCall, encodeJournalCall } from './journal-call.ts'
import type { AcceptedCall } from './lane.ts'
import { lockJournal } from './lock-journal.ts'

/** Durable list of answered calls that the chain does not show yet. */
export interface Journal {
  /** Returns when the call is on disk; calls at the same time share one write. */
  append(call: AcceptedCall): Promise<void>
  /** Rewrites the file without the calls that are settled. */
  compact(isSettled: (call: AcceptedCall) => boolean): Promise<void>
  /** Calls in the file, settled ones included. */
  readonly size: number
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

interface Append {
  readonly call: AcceptedCall
  readonly done: () => void
  readonly failed: (error: unknown) => void
}

/**
 * Opens the journal and reads what it holds.
 *
 * Line: 16 hex digits of the sha256 of the rest | space | call as JSON. A last line without its
 * newline is the trace of a crash during a write that nobody was told about, and is dropped.
 *
 * @throws `JOURNAL_CORRUPT` for any other damage, `JOURNAL_LOCKED` while another gateway uses it.
 */
export async function openJournal(
  path: string,
): Promise<{ readonly journal: Journal; readonly calls: readonly AcceptedCall[] }> {
  const unlock = await lockJournal(path)
  try {
    return await readJournal(path, unlock)
  } catch (error) {
    await unlock()
    throw error
  }
}

async function readJournal(
  path: string,
  unlock: () => Promise<void>,
): Promise<{ readonly journal: Journal; readonly calls: readonly AcceptedCall[] }> {
  const { calls, intact } = decodeLines(path, (await readFileIfPresent(path)) ?? new Uint8Array())
  let file: FileHandle = await open(path, 'a')
  await file.truncate(intact)
  let held: readonly AcceptedCall[] = calls
  let queue: Append[] = []
  let work: Promise<void> = Promise.resolve()
  let closing: Promise<void> | undefined

  const enqueue = (task: () => Promise<void>): Promise<void> => {
    const done = work.then(task)
    work = done.catch(() => {})
    return done
  }

  async function writeQueue(): Promise<void> {
    const group = queue
    queue = []
    if (group.length === 0) return
    const { size: before } = await file.stat()
    try {
      await file.appendFile(group.map(({ call }) => encodeLine(call)).join(''))
      await file.datasync()
    } catch (error) {
      // Else a later write would follow half a line.
      await file.truncate(before).catch(() => {})
      for (const { failed } of group) failed(error)
      return
    }
    held = [...held, ...group.map(({ call }) => call)]
    for (const { done } of group) done()
  }

  const close = () =>
    (closing ??= enqueue(async () => {
      await writeQueue()
      await file.close()
      await unlock()
    }))
  return {
    journal: {
      get size() {
        return held.length
      },
      append(call) {
        if (closing !== undefined) return Promise.reject(new BaseError('GATEWAY_CLOSED'))
        return new Promise((done, failed) => {
          queue.push({ call, done, failed })
          enqueue(writeQueue).catch(failed)
        })
      },
      // The lock is gone after `close`: a rewrite would take away what the next gateway wrote.
      compact: async (isSettled) => {
        if (closing !== undefined) throw new BaseError('GATEWAY_CLOSED')
        await enqueue(async () => {
          await writeQueue()
          const rest = held.filter((call) => !isSettled(call))
          await writeFileAtomic(path, rest.map(encodeLine).join(''))
          const replaced = file
          file = await open(path, 'a')
          held = rest
          await replaced.close()
        })
      },
      close,
      [Symbol.asyncDispose]: close,
    },
    calls,
  }
}

const checksum = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16)

function encodeLine(call: AcceptedCall): string {
  const json = encodeJournalCall(call)
  return `${checksum(json)} ${json}\n`
}

function decodeLines(path: string, bytes: Uint8Array<ArrayBuffer>) {
  const intact = bytes.lastIndexOf(10) + 1
  const lines = new TextDecoder().decode(bytes.subarray(0, intact)).split('\n').slice(0, -1)
  const calls = lines.map((line, i) => {
    const json = line.slice(17)
    if (line.slice(0, 17) !== `${checksum(json)} `)
      throw new BaseError('JOURNAL_CORRUPT', { facts: { path, line: i + 1 } })
    return decodeJournalCall(json)
  })
  return { calls, intact }
}
