import { randomUUID } from 'node:crypto'
import { TOMBSTONE_REVISION } from './revision.ts'
import {
  isDeleted,
  type ProposedEvent,
  type StoredEvent,
  type StreamState,
} from './stored-event.ts'
import {
  DELETED,
  metastreamLimits,
  noLimits,
  readLimits,
  truncateMetadata,
} from './stream-limits.ts'
import { isMetastream, metastreamOf, originalOf } from './stream-name.ts'
import type { StreamStates } from './stream-states.ts'

export interface DraftEvent extends StoredEvent {
  readonly streamId: number
}

/** What one transaction will write. Every change is visible in the states at once. */
export interface LogDraft {
  readonly events: readonly DraftEvent[]
  /** Streams that begin or whose limits change. */
  readonly streams: ReadonlySet<StreamState>
  /** Adds events and what follows from them; gives the last one that was asked for. */
  append(stream: string, events: readonly ProposedEvent[]): StoredEvent
  /** Hides all events of a stream by its metadata. */
  deleteStream(stream: string): StoredEvent
  /** Ends a stream for ever. */
  tombstone(stream: string): StoredEvent
}

export function createLogDraft(states: StreamStates, head: number, now: number): LogDraft {
  const events: DraftEvent[] = []
  const streams = new Set<StreamState>()

  const stateOf = (stream: string): StreamState => {
    const known = states.get(stream)
    if (known !== undefined) return known
    const state = states.start(stream)
    if (isMetastream(stream)) state.limits = metastreamLimits
    streams.add(state)
    return state
  }

  const push = (state: StreamState, event: ProposedEvent, revision: number): DraftEvent => {
    const position = head + events.length + 1
    const stored: DraftEvent = {
      position,
      stream: state.name,
      streamId: state.id,
      revision,
      id: event.id,
      type: event.type,
      contentType: event.contentType,
      data: event.data,
      metadata: event.metadata,
      created: now,
    }
    events.push(stored)
    state.head = revision
    return stored
  }

  const setMetadata = (state: StreamState, data: Buffer) => {
    state.limits = readLimits(data)
    if (isDeleted(state)) state.metadata = data
    else delete state.metadata
    streams.add(state)
  }

  /** Metadata that makes a deleted stream begin behind its last event. */
  const undelete = (state: StreamState, metadata: Buffer, from: number) => {
    const data = truncateMetadata(metadata, from)
    const metastream = stateOf(metastreamOf(state.name))
    push(metastream, metadataEvent(data), metastream.head + 1)
    setMetadata(state, data)
  }

  return {
    events,
    streams,
    append(stream, added) {
      const state = stateOf(stream)
      const before = state.head
      let last: DraftEvent | undefined
      for (const event of added) last = push(state, event, state.head + 1)
      if (last === undefined) throw new RangeError('an append without events')
      const original = isMetastream(stream) ? originalOf(stream) : undefined
      if (original !== undefined && !isMetastream(original)) {
        const described = stateOf(original)
        const wasDeleted = isDeleted(described)
        setMetadata(described, last.data)
        if (wasDeleted) undelete(described, last.data, described.head + 1)
      } else if (isDeleted(state)) {
        undelete(state, state.metadata ?? Buffer.from('{}'), before + 1)
      }
      return last
    },
    deleteStream(stream) {
      const state = stateOf(stream)
      const metastream = stateOf(metastreamOf(stream))
      const data = Buffer.from(`{"$tb":${DELETED_TEXT}}`)
      const event = push(metastream, metadataEvent(data), metastream.head + 1)
      setMetadata(state, data)
      return event
    },
    tombstone(stream) {
      const state = stateOf(stream)
      state.tombstoned = true
      state.limits = { ...noLimits, truncateBefore: DELETED }
      streams.add(state)
      return push(state, tombstoneEvent(), TOMBSTONE_REVISION)
    },
  }
}

const DELETED_TEXT = '9223372036854775807'

const metadataEvent = (data: Buffer): ProposedEvent => ({
  id: randomUUID(),
  type: '$metadata',
  contentType: 'application/json',
  data,
  metadata: Buffer.alloc(0),
})

const tombstoneEvent = (): ProposedEvent => ({
  id: randomUUID(),
  type: '$streamDeleted',
  contentType: 'application/octet-stream',
  data: Buffer.alloc(0),
  metadata: Buffer.alloc(0),
})
