/** A value that survives JSON unchanged; 64-bit numbers travel as decimal strings. */
export type EventPayload = Readonly<Record<string, unknown>>

/** An event to append. `id` is a UUID; the same id appended twice under one expectation is a no-op. */
export interface NewEvent {
  readonly id: string
  readonly type: string
  readonly data: EventPayload
  readonly metadata?: EventPayload
}

/** An event as the log holds it. */
export interface RecordedEvent {
  readonly id: string
  readonly type: string
  readonly data: EventPayload
  readonly metadata: EventPayload
  readonly stream: string
  /** Index in its stream, from 0, without gaps. */
  readonly revision: bigint
  /** Place in the whole log; grows with every event, with gaps. */
  readonly position: bigint
  readonly created: Date
}

/** `none`: the stream must not exist; `any`: no check; a bigint: the revision of its last event. */
export type ExpectedRevision = 'none' | 'any' | bigint

/** Selects events of the whole log by stream name or event type; prefixes or one regular expression. */
export interface EventFilter {
  readonly by: 'stream' | 'type'
  readonly prefixes?: readonly string[]
  readonly regex?: string
}

export interface ReadOptions {
  /** Inclusive. Defaults to the first event in the reading direction. */
  readonly from?: 'start' | 'end' | bigint
  readonly direction?: 'forwards' | 'backwards'
  readonly limit?: number
}

export interface SubscribeOptions {
  /** A stream name, or every stream in the order of the log. */
  readonly source: { readonly stream: string } | 'all'
  /** The last event already handled (exclusive): a revision of the stream, a position for `all`. */
  readonly from?: 'start' | 'end' | bigint
  /** Only with `all`. */
  readonly filter?: EventFilter
  /**
   * Receives up to 500 events in order; the next batch waits until it settles. After a reconnect no
   * event of a settled batch comes again. A rejection ends the subscription and rejects `done`.
   */
  readonly onEvents: (events: readonly RecordedEvent[]) => Promise<void> | void
  /** Everything that existed when the subscription (re)started has been handled. */
  readonly onCaughtUp?: () => Promise<void> | void
  /** A filtered `all` subscription has examined the log up to here; storing it avoids a re-scan. */
  readonly onCheckpoint?: (position: bigint) => Promise<void> | void
  /** The connection broke and is being made again. */
  readonly onInterrupted?: (cause: unknown, attempt: number) => void
  readonly signal?: AbortSignal
}

export interface Subscription extends AsyncDisposable {
  /** Resolves after `close()` or an abort; rejects with what `onEvents` threw. */
  readonly done: Promise<void>
  /** Waits for a running handler; a handler must not await it. */
  close(): Promise<void>
}

/** The append-only log every fact goes through. Revisions and positions are `bigint`. */
export interface EventLog extends AsyncDisposable {
  /**
   * Appends all events to one stream or none.
   *
   * @returns revision of the last of these events, also when they had been appended before
   * @throws EVENT_LOG_CONFLICT the stream is elsewhere (facts `expected`, `actual`)
   * @throws EVENT_LOG_TIMEOUT no answer in time: the outcome is unknown, repeat with the same ids
   * @throws EVENT_LOG_UNAVAILABLE no connection; the outcome is unknown unless it was never made
   * @throws EVENT_LOG_EVENT_INVALID an event cannot be stored (fact `field`)
   * @throws EVENT_LOG_REFUSED the server refused it, and nothing was written (fact `reason`)
   */
  append(
    stream: string,
    events: readonly NewEvent[],
    options: { readonly expectedRevision: ExpectedRevision },
  ): Promise<{ readonly revision: bigint }>
  /** Reads one stream; a stream that does not exist is empty. */
  read(stream: string, options?: ReadOptions): AsyncIterable<RecordedEvent>
  /** The last event of a stream, or `undefined`. */
  readLast(stream: string): Promise<RecordedEvent | undefined>
  /** Follows a stream or the whole log, and resumes by itself after a lost connection. */
  subscribe(options: SubscribeOptions): Subscription
  close(): Promise<void>
}
