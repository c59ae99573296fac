import { randomUUID } from 'node:crypto'
import type { EventStoreDBClient } from '@eventstore/db-client'
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js'
import type { BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js'
import type { ClientDuplexStream } from '@grpc/grpc-js'
import { BaseError } from '../../schema/errors.ts'
import { uuidFromWire } from '../uuid-from-wire.ts'
import { clientInternals } from './client-internals.ts'
import { decodeAppendError } from './decode-append-error.ts'
import { encodeAppend } from './encode-append.ts'
import type { ExpectedRevision, NewEvent } from './event-log.ts'
import { toEventLogError } from './to-event-log-error.ts'

type Call = ClientDuplexStream<Buffer, BatchAppendResp>

const { batchAppend } = streamsService.StreamsService

interface Pending {
  readonly resolve: (response: BatchAppendResp) => void
  readonly reject: (cause: unknown) => void
}

interface Connection {
  readonly call: Call
  readonly pending: Map<string, Pending>
}

export interface Appender {
  append(
    stream: string,
    events: readonly NewEvent[],
    expected: ExpectedRevision,
  ): Promise<{ readonly revision: bigint }>
  close(): void
}

/**
 * Appends over one long batch-append call that is made again after a failure.
 *
 * An append that is not answered in time cancels the call: a late answer must not be taken for a
 * new one, and the appends that share the call are of unknown outcome too.
 */
export function createAppender(client: EventStoreDBClient, deadlineMs: number): Appender {
  const internals = clientInternals(client)
  let connecting: Promise<Connection> | undefined
  let closed = false

  const connect = (): Promise<Connection> => {
    connecting ??= internals
      .execute(streamsService.StreamsClient, 'append', async (grpc) => {
        const call = grpc.makeBidiStreamRequest(
          batchAppend.path,
          (encoded: Buffer) => encoded,
          batchAppend.responseDeserialize,
          ...internals.callArguments({}, { deadline: Number.POSITIVE_INFINITY }),
        )
        const connection: Connection = { call, pending: new Map() }
        const end = (cause: unknown) => {
          if (connecting === current) connecting = undefined
          for (const { reject } of connection.pending.values()) reject(cause)
          connection.pending.clear()
        }
        call.on('data', (response) => settle(connection, response))
        call.on('error', (error) => {
          internals.handleError(grpc, error).catch(() => {})
          end(error)
        })
        call.on('end', () => end(new BaseError('EVENT_LOG_UNAVAILABLE')))
        return connection
      })
      .catch((cause: unknown) => {
        connecting = undefined
        throw cause
      })
    const current = connecting
    return current
  }

  return {
    async append(stream, events, expected) {
      if (closed) throw new BaseError('EVENT_LOG_UNAVAILABLE', { facts: { reason: 'closed' } })
      const id = randomUUID()
      const messages = encodeAppend(id, stream, events, expected)
      let timer: NodeJS.Timeout | undefined
      try {
        const response = await new Promise<BatchAppendResp>((resolve, reject) => {
          let connection: Connection | undefined
          let expired = false
          timer = setTimeout(() => {
            expired = true
            reject(new BaseError('EVENT_LOG_TIMEOUT', { facts: { stream, deadlineMs } }))
            connection?.call.cancel()
          }, deadlineMs)
          connect().then((made) => {
            if (expired) return
            connection = made
            made.pending.set(id, { resolve, reject })
            for (const message of messages) made.call.write(message)
          }, reject)
        })
        if (response.hasError()) throw decodeAppendError(response.getError(), stream, expected)
        return { revision: BigInt(response.getSuccess()?.getCurrentRevision() ?? '-1') }
      } catch (cause) {
        throw toEventLogError(cause, { stream })
      } finally {
        clearTimeout(timer)
      }
    },
    close() {
      closed = true
      connecting?.then(
        ({ call }) => call.cancel(),
        () => {},
      )
    },
  }
}

function settle({ pending }: Connection, response: BatchAppendResp): void {
  const key = uuidFromWire(response.getCorrelationId())
  pending.get(key)?.resolve(response)
  pending.delete(key)
}
