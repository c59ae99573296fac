import type { IStreamsServer } from '@eventstore/db-client/generated/streams_grpc_pb.js'
import streams from '@eventstore/db-client/generated/streams_pb.js'
import type { LogStore } from './log-store.ts'
import { serveAppend } from './serve-append.ts'
import { serveBatchAppend } from './serve-batch-append.ts'
import { serveRead } from './serve-read.ts'
import { serveRemove } from './serve-remove.ts'
import { toServiceError } from './service-error.ts'

/** The `Streams` service of the EventStoreDB protocol over one log. */
export function serveStreams(store: LogStore, maxAppendBytes: number): IStreamsServer {
  return {
    batchAppend: (call) => serveBatchAppend(store, call, maxAppendBytes),
    append: (call, callback) => void serveAppend(store, call, callback, maxAppendBytes),
    read: (call) => void serveRead(store, call),
    delete(call, callback) {
      serveRemove(store, call.request.getOptions(), false).then(
        (commit) => {
          const position = new streams.DeleteResp.Position()
          position.setCommitPosition(commit)
          position.setPreparePosition(commit)
          const response = new streams.DeleteResp()
          response.setPosition(position)
          callback(null, response)
        },
        (cause) => callback(toServiceError(cause)),
      )
    },
    tombstone(call, callback) {
      serveRemove(store, call.request.getOptions(), true).then(
        (commit) => {
          const position = new streams.TombstoneResp.Position()
          position.setCommitPosition(commit)
          position.setPreparePosition(commit)
          const response = new streams.TombstoneResp()
          response.setPosition(position)
          callback(null, response)
        },
        (cause) => callback(toServiceError(cause)),
      )
    },
  }
}
