import { firstLive } from './first-live.ts'
import type { EventName } from './log-reader.ts'
import type { LogStore } from './log-store.ts'
import { TOMBSTONE_REVISION } from './revision.ts'
import { streamDeleted } from './service-error.ts'
import type { StoredEvent } from './stored-event.ts'

const PAGE = 500
const SCAN_WINDOW = 5_000
const MAX_PAGE_BYTES = 8 * 1024 * 1024

export type NamePredicate = (event: EventName) => boolean

export interface LogSlice {
  readonly events: readonly StoredEvent[]
  /** The log has been examined up to here. */
  readonly scannedTo: number
  /** Nothing newer was there when the slice was made. */
  readonly live: boolean
}

/** Follows the whole log after a position, for ever, in slices of at most 500 events. */
export async function* followAll(
  store: LogStore,
  after: number,
  matches: NamePredicate | undefined,
  signal: AbortSignal,
): AsyncGenerator<LogSlice> {
  const { tail } = store.writer
  const page = pageSizer()
  let scannedTo = after
  let next: ReturnType<typeof readPast> | undefined
  while (!signal.aborted) {
    const recent = next === undefined ? tail.after(scannedTo, PAGE) : undefined
    if (recent === undefined) {
      const past = await (next ?? readPast(store, scannedTo, matches, page))
      scannedTo = past.scannedTo
      // The database reads the next page while this one is sent.
      next = tail.has(scannedTo) ? undefined : readPast(store, scannedTo, matches, page)
      next?.catch(() => {})
      yield { ...past, live: false }
      continue
    }
    scannedTo = Math.max(scannedTo, recent.at(-1)?.position ?? scannedTo)
    const events = matches ? recent.filter(matches) : recent
    yield { events, scannedTo, live: scannedTo >= tail.head() }
    await tail.grown(scannedTo, signal)
  }
}

/**
 * Follows one stream after a revision, for ever, in slices of at most 500 events. What metadata
 * hides is skipped; a tombstone ends it with `stream-deleted`.
 */
export async function* followStream(
  store: LogStore,
  stream: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<LogSlice> {
  const { tail } = store.writer
  const page = pageSizer()
  let revision = after
  let scannedTo: number | undefined
  while (!signal.aborted) {
    const head = tail.head()
    const recent = scannedTo === undefined ? undefined : tail.after(scannedTo, PAGE)
    if (recent === undefined) {
      const limit = page.limit()
      const events = await readLive(store, stream, revision + 1, limit)
      page.learn(events)
      revision = events.at(-1)?.revision ?? revision
      scannedTo = events.length < limit ? head : undefined
      yield { events, scannedTo: events.at(-1)?.position ?? head, live: false }
      continue
    }
    const from = revision
    const events = recent.filter((event) => event.stream === stream && event.revision > from)
    if (events.at(-1)?.revision === TOMBSTONE_REVISION) throw streamDeleted(stream)
    scannedTo = recent.at(-1)?.position ?? scannedTo!
    revision = events.at(-1)?.revision ?? revision
    yield { events, scannedTo, live: scannedTo >= tail.head() }
    await tail.grown(scannedTo, signal)
  }
}

async function readLive(
  { reader }: LogStore,
  stream: string,
  from: number,
  limit: number,
): Promise<readonly StoredEvent[]> {
  const state = await reader.readState(stream)
  if (state === undefined) return []
  if (state.tombstoned) throw streamDeleted(stream)
  const first = await firstLive(reader, state, from, Date.now())
  return first > state.head ? [] : reader.readStream(state, first, 'forwards', limit, first)
}

async function readPast(
  { reader, writer }: LogStore,
  after: number,
  matches: NamePredicate | undefined,
  page: PageSizer,
): Promise<{ events: readonly StoredEvent[]; scannedTo: number }> {
  const head = writer.tail.head()
  const limit = page.limit()
  if (matches === undefined) {
    const events = await reader.readAll(after + 1, 'forwards', limit)
    page.learn(events)
    return { events, scannedTo: reached(events, limit, head) }
  }
  const names = await reader.scan(after + 1, SCAN_WINDOW)
  const found = names.filter(matches)
  const chosen = found.slice(0, limit)
  const events = await reader.readPositions(chosen.map((event) => event.position))
  page.learn(events)
  const scannedTo = reached(names, SCAN_WINDOW, head)
  return { events, scannedTo: found.length > limit ? chosen.at(-1)!.position : scannedTo }
}

/** How far a page goes: a scavenge may have left nothing between its last event and the head. */
const reached = (page: readonly EventName[], limit: number, head: number): number =>
  page.length < limit ? Math.max(head, page.at(-1)?.position ?? 0) : page.at(-1)!.position

interface PageSizer {
  limit(): number
  learn(events: readonly StoredEvent[]): void
}

/** Keeps a page near 8 MiB: events of a megabyte are read a few at a time. */
function pageSizer(): PageSizer {
  let limit = PAGE
  return {
    limit: () => limit,
    learn(events) {
      const bytes = events.reduce((sum, e) => sum + e.data.length + e.metadata.length, 0)
      if (events.length === 0) return
      const fitting = Math.floor(MAX_PAGE_BYTES / Math.max(1, bytes / events.length))
      limit = Math.max(1, Math.min(PAGE, fitting))
    },
  }
}
