import { randomUUID } from 'node:crypto'
import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/persistent_pb.js'
import persistent from '@eventstore/db-client/generated/persistent_pb.js'
import type { ServerDuplexStream } from '@grpc/grpc-js'
import { encodeGroupEvent } from '../encode-event.ts'
import { abortOnClose } from '../send.ts'
import { invalidArgument, toServiceError } from '../service-error.ts'
import { readUuid } from '../wire.ts'
import type { Consumer, ConsumerGroup, NackAction } from './consumer-group.ts'
import { groupDropped, groupFull, groupMissing } from './group-errors.ts'
import type { GroupRegistry } from './group-registry.ts'
import { readSource } from './read-source.ts'

/** In the order of the wire numbers; a client that names no action gets a retry. */
const actions: readonly NackAction[] = ['retry', 'park', 'retry', 'skip', 'stop']

/** Serves one consumer of a group: events out, acknowledgements in. */
export function serveGroupRead(
  groups: GroupRegistry,
  call: ServerDuplexStream<ReadReq, ReadResp | Buffer>,
): void {
  const signal = abortOnClose(call)
  let joined: { readonly group: ConsumerGroup; readonly consumer: Consumer } | undefined

  const leave = () => {
    joined?.group.leave(joined.consumer)
    joined = undefined
  }
  const fail = (cause: unknown) => {
    leave()
    if (!signal.aborted) call.emit('error', toServiceError(cause))
  }

  const join = (options: ReadReq.Options) => {
    const source = readSource(options)
    const name = options.getGroupName()
    const group = groups.get(source, name)
    if (group === undefined) throw groupMissing(source, name)
    const { maxSubscriberCount } = group.record.settings
    if (maxSubscriberCount > 0 && group.consumers.length >= maxSubscriberCount) {
      throw groupFull(source, name)
    }
    call.write(confirmation(`${source}::${name}::${randomUUID()}`))
    const consumer: Consumer = {
      bufferSize: Math.max(1, options.getBufferSize()),
      inFlight: 0,
      deliver: (event, retries) => call.write(encodeGroupEvent(event, retries)),
      drop: () => fail(groupDropped(source, name)),
    }
    joined = { group, consumer }
    group.join(consumer)
  }

  call.on('data', (request: ReadReq) => {
    try {
      const options = request.getOptions()
      if (options !== undefined) {
        if (joined !== undefined) throw invalidArgument('the consumer has joined already')
        join(options)
        return
      }
      if (joined === undefined) throw invalidArgument('the consumer has not joined')
      const { group, consumer } = joined
      const nack = request.getNack()
      const ids = (nack ?? request.getAck())?.getIdsList().map(readUuid) ?? []
      if (nack === undefined) group.ack(consumer, ids)
      else group.nack(consumer, ids, actions[nack.getAction()] ?? 'retry', nack.getReason())
    } catch (cause) {
      fail(cause)
    }
  })
  call.on('end', () => {
    leave()
    if (!signal.aborted) call.end()
  })
  signal.addEventListener('abort', leave)
}

function confirmation(id: string): ReadResp {
  const content = new persistent.ReadResp.SubscriptionConfirmation()
  content.setSubscriptionId(id)
  const response = new persistent.ReadResp()
  response.setSubscriptionConfirmation(content)
  return response
}
