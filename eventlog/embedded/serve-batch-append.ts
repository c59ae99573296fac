import type { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js'
import type { ServerDuplexStream } from '@grpc/grpc-js'
import { encodeBatchResult, encodeTooLarge } from './encode-batch-result.ts'
import type { LogStore } from './log-store.ts'
import { readExpectation, readProposed } from './read-proposed.ts'
import { abortOnClose } from './send.ts'
import { invalidArgument, toServiceError } from './service-error.ts'
import type { ProposedEvent } from './stored-event.ts'
import { readStreamName, readUuid } from './wire.ts'

const BUFFERED_APPENDS = 2

type Call = ServerDuplexStream<BatchAppendReq, BatchAppendResp>

interface Pending {
  readonly options: BatchAppendReq.Options
  readonly events: ProposedEvent[]
  bytes: number
}

/** Serves appends that arrive in parts, told apart by a correlation id; answers after the commit. */
export function serveBatchAppend(store: LogStore, call: Call, maxAppendBytes: number): void {
  const signal = abortOnClose(call)
  const pending = new Map<string, Pending>()
  let buffered = 0
  let unanswered = 0
  let ended = false

  const finish = () => {
    if (ended && unanswered === 0 && !signal.aborted) call.end()
  }
  const fail = (cause: unknown) => {
    if (!signal.aborted) call.emit('error', toServiceError(cause))
  }
  const account = (bytes: number) => {
    buffered += bytes
    if (buffered > BUFFERED_APPENDS * maxAppendBytes) call.pause()
    else if (call.isPaused()) call.resume()
  }

  const append = async (id: string, { options, events, bytes }: Pending) => {
    const stream = readStreamName(options.getStreamIdentifier())
    const deadline = options.getDeadline()?.toDate().getTime()
    const expected = readExpectation(options, options.getStreamPosition())
    unanswered++
    try {
      const result =
        bytes > maxAppendBytes
          ? undefined
          : await store.writer.append({
              stream,
              expected,
              events,
              ...(deadline === undefined ? {} : { deadline }),
            })
      if (signal.aborted) return
      call.write(
        result
          ? encodeBatchResult(id, stream, expected, result)
          : encodeTooLarge(id, stream, maxAppendBytes),
      )
    } finally {
      unanswered--
      account(-Math.min(bytes, maxAppendBytes))
      finish()
    }
  }

  call.on('data', (request: BatchAppendReq) => {
    try {
      const id = readUuid(request.getCorrelationId())
      const options = pending.get(id)?.options ?? request.getOptions()
      if (options === undefined) throw invalidArgument('an append has no options')
      const part = pending.get(id) ?? { options, events: [], bytes: 0 }
      pending.set(id, part)
      const before = Math.min(part.bytes, maxAppendBytes)
      for (const message of request.getProposedMessagesList()) {
        const event = readProposed(message)
        part.bytes += event.data.length + event.metadata.length
        // What is too large is counted, so that it can be refused, but not kept.
        if (part.bytes <= maxAppendBytes) part.events.push(event)
      }
      account(Math.min(part.bytes, maxAppendBytes) - before)
      if (!request.getIsFinal()) return
      pending.delete(id)
      append(id, part).catch(fail)
    } catch (cause) {
      fail(cause)
    }
  })
  call.on('end', () => {
    ended = true
    finish()
  })
}
