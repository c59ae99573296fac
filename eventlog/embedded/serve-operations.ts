import type { IOperationsServer } from '@eventstore/db-client/generated/operations_grpc_pb.js'
import operations from '@eventstore/db-client/generated/operations_pb.js'
import { status } from '@grpc/grpc-js'
import type { Scavenger } from './scavenge/create-scavenger.ts'
import { serviceError, toServiceError } from './service-error.ts'

const { STARTED, INPROGRESS, STOPPED } = operations.ScavengeResp.ScavengeResult

/** The `Operations` service of the EventStoreDB protocol: scavenges, and no cluster to operate. */
export function serveOperations(scavenger: Scavenger): IOperationsServer {
  const refuse = (_call: unknown, callback: (error: Error) => void) =>
    callback(serviceError(status.UNIMPLEMENTED, 'the embedded event log has no such operation'))

  return {
    startScavenge(_call, callback) {
      scavenger.start().then(
        ({ id, running }) => callback(null, response(id, running ? INPROGRESS : STARTED)),
        (cause) => callback(toServiceError(cause)),
      )
    },
    stopScavenge(call, callback) {
      const id = call.request.getOptions()?.getScavengeId() ?? ''
      scavenger.stop(id).then(
        (stopped) =>
          stopped === undefined
            ? callback(notFound(id))
            : callback(null, response(stopped, STOPPED)),
        (cause) => callback(toServiceError(cause)),
      )
    },
    shutdown: refuse,
    mergeIndexes: refuse,
    resignNode: refuse,
    setNodePriority: refuse,
    restartPersistentSubscriptions: refuse,
  }
}

function response(id: string, result: 0 | 1 | 2) {
  const answer = new operations.ScavengeResp()
  answer.setScavengeId(id)
  answer.setScavengeResult(result)
  return answer
}

const notFound = (id: string) =>
  serviceError(status.NOT_FOUND, 'no such scavenge is running', {
    exception: 'scavenge-not-found',
    'scavenge-id': id,
  })
