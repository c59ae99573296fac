import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js'
import streams from '@eventstore/db-client/generated/streams_pb.js'
import type { ServerWritableStream } from '@grpc/grpc-js'
import { encodeEvent } from './encode-event.ts'
import { firstLive } from './first-live.ts'
import type { Direction } from './log-reader.ts'
import type { LogStore } from './log-store.ts'
import { readFilterSpec, toPredicate } from './read-filter.ts'
import { send } from './send.ts'
import { invalidArgument, streamDeleted } from './service-error.ts'
import { isDeleted, type StoredEvent } from './stored-event.ts'
import { readStreamName, writeStreamName } from './wire.ts'

const PAGE = 500

type ReadPage = (from: number, limit: number) => Promise<readonly StoredEvent[]>

/** Sends at most `count` events of a stream or of the log, from a place inclusive. */
export async function readOnce(
  store: LogStore,
  call: ServerWritableStream<ReadReq, ReadResp | Buffer>,
  options: ReadReq.Options,
  signal: AbortSignal,
): Promise<void> {
  const direction = options.getReadDirection() === 1 ? 'backwards' : 'forwards'
  const count = Number(options.getCount())
  const one = options.getStream()
  if (one !== undefined) {
    const stream = readStreamName(one.getStreamIdentifier())
    const state = await store.reader.readState(stream)
    if (state?.tombstoned) throw streamDeleted(stream)
    if (state === undefined || state.head < 0 || isDeleted(state)) {
      await send(call, notFound(stream), signal)
      return
    }
    const from = startOf(direction, one, Number(one.getRevision()), state.head)
    const first = await firstLive(store.reader, state, 0, Date.now())
    const page: ReadPage = (at, limit) =>
      store.reader.readStream(state, at, direction, limit, first)
    await sendPages(call, { from, count, direction, page, key: (e) => e.revision }, signal)
    return
  }
  const all = options.getAll()
  if (all === undefined) throw invalidArgument('a read names neither a stream nor all')
  const filter = options.getFilter()
  const matches = filter && toPredicate(readFilterSpec(filter))
  const head = store.writer.tail.head()
  const from = startOf(direction, all, Number(all.getPosition()?.getCommitPosition() ?? 0), head)
  const page: ReadPage = (at, limit) => store.reader.readAll(at, direction, limit)
  await sendPages(call, { from, count, direction, page, key: (e) => e.position, matches }, signal)
}

interface Pages {
  readonly from: number
  readonly count: number
  readonly direction: Direction
  readonly page: ReadPage
  readonly key: (event: StoredEvent) => number
  readonly matches?: ((event: StoredEvent) => boolean) | undefined
}

async function sendPages(
  call: ServerWritableStream<ReadReq, ReadResp | Buffer>,
  { from, count, direction, page, key, matches }: Pages,
  signal: AbortSignal,
): Promise<void> {
  const step = direction === 'forwards' ? 1 : -1
  let left = count
  const limitOf = (wanted: number) => (matches ? PAGE : Math.min(PAGE, wanted))
  let limit = limitOf(left)
  let next = left > 0 && from >= 0 ? page(from, limit) : undefined
  while (next !== undefined && !signal.aborted) {
    const events: readonly StoredEvent[] = await next
    const after = left - events.length
    const at = events.length < limit ? -1 : key(events.at(-1)!) + step
    const more = at >= 0 && (matches !== undefined || after > 0)
    limit = limitOf(after)
    // The database reads the next page while this one is sent.
    next = more ? page(at, limit) : undefined
    next?.catch(() => {})
    for (const event of events) {
      if (matches && !matches(event)) continue
      if (left-- <= 0) return
      await send(call, encodeEvent(event), signal)
      if (signal.aborted) return
    }
  }
}

function startOf(
  direction: Direction,
  place: { hasStart(): boolean; hasEnd(): boolean },
  exact: number,
  head: number,
): number {
  if (place.hasStart()) return 0
  if (place.hasEnd()) return direction === 'backwards' ? head : head + 1
  return direction === 'backwards' ? Math.min(exact, head) : exact
}

function notFound(stream: string): ReadResp {
  const content = new streams.ReadResp.StreamNotFound()
  content.setStreamIdentifier(writeStreamName(stream))
  const response = new streams.ReadResp()
  response.setStreamNotFound(content)
  return response
}
