import { DELETED, type StreamLimits } from './stream-limits.ts'

/**
 * An event as the embedded log keeps it. Positions and revisions stay below 2^53, except for the
 * revision of a tombstone.
 */
export interface StoredEvent {
  /** Place in the log: 1, 2, 3, …; a scavenge leaves gaps, no position is given twice. */
  readonly position: number
  readonly stream: string
  /** Index in the stream, from 0. */
  readonly revision: number
  readonly id: string
  readonly type: string
  readonly contentType: string
  readonly data: Buffer
  readonly metadata: Buffer
  /** Unix milliseconds. */
  readonly created: number
}

export type ProposedEvent = Pick<StoredEvent, 'id' | 'type' | 'contentType' | 'data' | 'metadata'>

/** What the writer of an append believes about the stream. */
export type Expectation =
  | { readonly kind: 'any' }
  | { readonly kind: 'none' }
  | { readonly kind: 'exists' }
  | { readonly kind: 'at'; readonly revision: number }

export interface AppendRequest {
  readonly stream: string
  readonly expected: Expectation
  readonly events: readonly ProposedEvent[]
  /** Unix milliseconds after which the append must not be written any more. */
  readonly deadline?: number
}

export type AppendResult =
  | { readonly kind: 'appended'; readonly revision: number; readonly position: number }
  | { readonly kind: 'conflict'; readonly current: number }
  | { readonly kind: 'deleted' }
  | { readonly kind: 'denied' }
  | { readonly kind: 'expired' }

/** The state of one stream; `head` is -1 before the first event. */
export interface StreamState {
  readonly id: number
  readonly name: string
  head: number
  limits: StreamLimits
  tombstoned: boolean
  /** Metadata of a deleted stream, rewritten when the stream is written to again. */
  metadata?: Buffer
}

export const isDeleted = (state: StreamState): boolean => state.limits.truncateBefore >= DELETED
