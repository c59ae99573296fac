import { convertToCommandError, type EventStoreDBClient } from '@eventstore/db-client'
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js'
import { BaseError } from '../../schema/errors.ts'
import { clientInternals } from './client-internals.ts'
import { decodeReadResponse, type ReadMessage } from './decode-read-response.ts'
import { type Cursor, encodeSubscription } from './encode-subscription.ts'
import type { SubscribeOptions } from './event-log.ts'
import { messageSize } from './message-size.ts'

/** Messages that may wait here before the server is told to wait. */
const MOST_WAITING = 1024
const MOST_CHARACTERS = 8 * 1024 * 1024

/** One subscription over one connection, read message by message. */
export interface OpenSubscription {
  /** The next message that has arrived. */
  read(): ReadMessage | undefined
  close(): void
}

const { read } = streamsService.StreamsService

/**
 * Opens a subscription on the client's connection.
 *
 * The client's own subscription passes each event through two streams of objects and an `await`;
 * for a projection of many events that is most of the work of reading.
 *
 * @param onArrival called when something can be read
 * @param onEnd called once, when nothing more will arrive
 * @throws whatever connecting throws
 */
export async function openSubscription(
  client: EventStoreDBClient,
  options: Pick<SubscribeOptions, 'source' | 'filter'>,
  from: Cursor,
  onArrival: () => void,
  onEnd: (cause: unknown) => void,
): Promise<OpenSubscription> {
  const internals = clientInternals(client)
  const request = encodeSubscription(options, from)
  return internals.execute(streamsService.StreamsClient, 'subscribe', async (grpc) => {
    const call = grpc.makeServerStreamRequest(
      read.path,
      read.requestSerialize,
      decodeReadResponse,
      request,
      ...internals.callArguments({}, { deadline: Number.POSITIVE_INFINITY }),
    )
    let waiting: ReadMessage[] = []
    let next = 0
    let characters = 0
    let ended = false
    const end = (cause: unknown) => {
      if (!ended) onEnd(cause)
      ended = true
    }
    call.on('data', (message: ReadMessage) => {
      waiting.push(message)
      characters += messageSize(message)
      if (waiting.length - next >= MOST_WAITING || characters >= MOST_CHARACTERS) call.pause()
      onArrival()
    })
    call.on('error', (error) => {
      internals.handleError(grpc, error).catch(() => {})
      end(convertToCommandError(error))
    })
    call.on('end', () => end(new BaseError('EVENT_LOG_UNAVAILABLE')))
    return {
      read() {
        const message = waiting[next]
        if (message === undefined) return undefined
        next += 1
        if (next === waiting.length) {
          waiting = []
          next = 0
          characters = 0
          if (call.isPaused()) call.resume()
        }
        return message
      },
      close() {
        waiting = []
        next = 0
        // A paused call never finishes, and the client would wait for it.
        call.resume()
        call.cancel()
      },
    }
  })
}
