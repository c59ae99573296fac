import type pg from 'pg'
import { BaseError } from '../../schema/errors.ts'
import { connectWriter, type WriterOptions } from './connect-writer.ts'
import { createLogTail, type LogTail } from './log-tail.ts'
import { createRecentIds } from './recent-ids.ts'
import { type RemoveRequest, removeStream } from './remove-stream.ts'
import type { AppendRequest, AppendResult } from './stored-event.ts'
import { createStreamStates } from './stream-states.ts'
import { writeGroup } from './write-group.ts'

const MAX_GROUP_REQUESTS = 256
const MAX_GROUP_BYTES = 16 * 1024 * 1024

/** The only writer of a log: a queue whose waiting appends share one transaction. */
export interface LogWriter {
  readonly tail: LogTail
  /** Resolves after the commit. Rejects with DATABASE_UNAVAILABLE when the outcome is unknown. */
  append(request: AppendRequest): Promise<AppendResult>
  /** Deletes a stream; a deleted one may be written again, a tombstoned one never. */
  remove(request: RemoveRequest): Promise<AppendResult>
  /** Writes what is queued, then releases the lock. */
  close(): Promise<void>
}

interface Task {
  readonly request: AppendRequest | RemoveRequest
  readonly bytes: number
  readonly resolve: (result: AppendResult) => void
  readonly reject: (cause: unknown) => void
}

export interface LogWriterOptions extends WriterOptions {
  /** Whether a stream may lose no event, whatever its metadata says. */
  readonly isKept: (stream: string) => boolean
}

export async function openLogWriter(options: LogWriterOptions): Promise<LogWriter> {
  const { schema, isKept } = options
  const states = createStreamStates(schema)
  const recent = createRecentIds(schema)
  let client: pg.Client | undefined = await connectWriter(options)
  const tail = createLogTail(await readHead(client, schema))
  let queue: Task[] = []
  let running: Promise<void> | undefined
  let closed = false

  const connected = async (): Promise<pg.Client> => {
    if (client !== undefined) return client
    const fresh = await connectWriter(options)
    const head = await readHead(fresh, schema)
    if (head > tail.head()) tail.skipTo(head)
    client = fresh
    return fresh
  }

  const drop = async () => {
    const broken = client
    client = undefined
    states.clear()
    recent.clear()
    await broken?.end().catch(() => {})
  }

  const write = async (group: readonly Task[]): Promise<number> => {
    const writer = await connected()
    states.trim()
    const context = {
      client: writer,
      schema,
      states,
      recent,
      isKept,
      head: tail.head(),
      now: Date.now(),
    }
    const first = group[0]!
    if ('tombstone' in first.request) {
      const { result, events } = await removeStream(first.request, context)
      if (events.length > 0) tail.push(events)
      first.resolve(result)
      return 1
    }
    const requests = group.map((task) => task.request as AppendRequest)
    const { results, events } = await writeGroup(requests, context)
    if (events.length > 0) tail.push(events)
    for (const [i, result] of results.entries()) group[i]!.resolve(result)
    return results.length
  }

  const run = async () => {
    while (queue.length > 0) {
      const group = takeGroup(queue)
      try {
        const done = await write(group)
        queue = queue.slice(done)
      } catch (cause) {
        await drop()
        queue = queue.slice(group.length)
        const error =
          cause instanceof BaseError ? cause : new BaseError('DATABASE_UNAVAILABLE', { cause })
        for (const task of group) task.reject(error)
      }
    }
    running = undefined
  }

  const enqueue = (request: AppendRequest | RemoveRequest): Promise<AppendResult> => {
    if (closed) return Promise.reject(new BaseError('EVENT_LOG_UNAVAILABLE'))
    return new Promise((resolve, reject) => {
      queue.push({ request, bytes: bytesOf(request), resolve, reject })
      running ??= Promise.resolve().then(run)
    })
  }

  return {
    tail,
    append: enqueue,
    remove: enqueue,
    async close() {
      closed = true
      await running
      await drop()
    },
  }
}

function takeGroup(queue: readonly Task[]): readonly Task[] {
  if ('tombstone' in queue[0]!.request) return [queue[0]!]
  let bytes = 0
  let count = 0
  for (const task of queue) {
    bytes += task.bytes
    if ('tombstone' in task.request) break
    if (count > 0 && (bytes > MAX_GROUP_BYTES || count === MAX_GROUP_REQUESTS)) break
    count++
  }
  return queue.slice(0, count)
}

const bytesOf = (request: AppendRequest | RemoveRequest) =>
  'tombstone' in request
    ? 0
    : request.events.reduce((sum, event) => sum + event.data.length + event.metadata.length + 64, 0)

async function readHead(client: pg.Client, schema: string): Promise<number> {
  const { rows } = await client.query<{ head: string }>(
    `SELECT coalesce(max(position), 0) AS head FROM ${schema}.event`,
  )
  return Number(rows[0]?.head ?? 0)
}
