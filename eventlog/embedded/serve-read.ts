import { randomUUID } from 'node:crypto'
import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js'
import streams from '@eventstore/db-client/generated/streams_pb.js'
import type { ServerWritableStream } from '@grpc/grpc-js'
import { encodeEvent } from './encode-event.ts'
import { followAll, followStream } from './follow-log.ts'
import type { LogStore } from './log-store.ts'
import { readFilterSpec, toPredicate } from './read-filter.ts'
import { readOnce } from './read-once.ts'
import { abortOnClose, send } from './send.ts'
import { invalidArgument, streamDeleted, toServiceError } from './service-error.ts'
import { readStreamName } from './wire.ts'

const DEFAULT_SEARCH_WINDOW = 32

type Call = ServerWritableStream<ReadReq, ReadResp | Buffer>

/** Serves plain reads, which end, and catch-up subscriptions, which do not. */
export async function serveRead(store: LogStore, call: Call): Promise<void> {
  const signal = abortOnClose(call)
  try {
    const options = call.request.getOptions()
    if (options === undefined) throw invalidArgument('a read has no options')
    if (options.hasSubscription()) await follow(store, call, options, signal)
    else await readOnce(store, call, options, signal)
    if (!signal.aborted) call.end()
  } catch (cause) {
    if (!signal.aborted) call.emit('error', toServiceError(cause))
  }
}

async function follow(
  store: LogStore,
  call: Call,
  options: ReadReq.Options,
  signal: AbortSignal,
): Promise<void> {
  const filter = options.getFilter()
  const interval = filter
    ? Math.max(1, filter.getCheckpointintervalmultiplier()) *
      (filter.hasMax() ? filter.getMax() : DEFAULT_SEARCH_WINDOW)
    : undefined
  const slices = await open(store, options, signal)
  await send(call, confirmation(), signal)
  let caught = false
  let checkpointed: number | undefined
  for await (const slice of slices) {
    checkpointed ??= slice.scannedTo - slice.events.length
    for (const event of slice.events) {
      await send(call, encodeEvent(event), signal)
      if (signal.aborted) return
    }
    const due = interval !== undefined && slice.scannedTo - checkpointed >= interval
    const first = slice.live && !caught && interval !== undefined && slice.scannedTo > checkpointed
    if (due || first) {
      checkpointed = slice.scannedTo
      await send(call, checkpoint(slice.scannedTo), signal)
    }
    if (slice.live && !caught) {
      caught = true
      await send(call, caughtUp(), signal)
    }
  }
}

async function open(store: LogStore, options: ReadReq.Options, signal: AbortSignal) {
  const one = options.getStream()
  if (one !== undefined) {
    const stream = readStreamName(one.getStreamIdentifier())
    const state = await store.reader.readState(stream)
    if (state?.tombstoned) throw streamDeleted(stream)
    const after = one.hasStart()
      ? -1
      : one.hasEnd()
        ? (state?.head ?? -1)
        : Number(one.getRevision())
    return followStream(store, stream, after, signal)
  }
  const all = options.getAll()
  if (all === undefined) throw invalidArgument('a read names neither a stream nor all')
  const filter = options.getFilter()
  const head = store.writer.tail.head()
  const after = all.hasStart()
    ? 0
    : all.hasEnd()
      ? head
      : Number(all.getPosition()?.getCommitPosition() ?? 0)
  return followAll(
    store,
    Math.min(after, head),
    filter && toPredicate(readFilterSpec(filter)),
    signal,
  )
}

function confirmation(): ReadResp {
  const content = new streams.ReadResp.SubscriptionConfirmation()
  content.setSubscriptionId(randomUUID())
  const response = new streams.ReadResp()
  response.setConfirmation(content)
  return response
}

function checkpoint(position: number): ReadResp {
  const content = new streams.ReadResp.Checkpoint()
  content.setCommitPosition(String(position))
  content.setPreparePosition(String(position))
  const response = new streams.ReadResp()
  response.setCheckpoint(content)
  return response
}

function caughtUp(): ReadResp {
  const response = new streams.ReadResp()
  response.setCaughtUp(new streams.ReadResp.CaughtUp())
  return response
}
