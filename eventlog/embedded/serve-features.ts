import type { IServerFeaturesServer } from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js'
import features from '@eventstore/db-client/generated/serverfeatures_pb.js'

const STREAMS = 'event_store.client.streams.streams'
const GROUPS = 'event_store.client.persistent_subscriptions.persistentsubscriptions'
const OPERATIONS = 'event_store.client.operations.operations'

/** Only what is served: a client takes an advertised method instead of its HTTP fallback. */
const served: readonly (readonly [service: string, method: string, features: string[]])[] = [
  [STREAMS, 'batchappend', []],
  [STREAMS, 'append', []],
  [STREAMS, 'read', ['position', 'events']],
  [STREAMS, 'delete', []],
  [STREAMS, 'tombstone', []],
  [OPERATIONS, 'startscavenge', []],
  [OPERATIONS, 'stopscavenge', []],
  [GROUPS, 'create', ['stream', 'all']],
  [GROUPS, 'update', ['stream', 'all']],
  [GROUPS, 'delete', ['stream', 'all']],
  [GROUPS, 'read', ['stream', 'all']],
  [GROUPS, 'getinfo', ['stream', 'all']],
  [GROUPS, 'replayparked', ['stream', 'all']],
  [GROUPS, 'list', ['stream', 'all']],
]

/** The first EventStoreDB version whose protocol includes the `caughtUp` message. */
const PROTOCOL_VERSION = '23.10.0'

export const serveFeatures: IServerFeaturesServer = {
  getSupportedMethods(_call, callback) {
    const answer = new features.SupportedMethods()
    answer.setEventStoreServerVersion(PROTOCOL_VERSION)
    for (const [service, name, list] of served) {
      const method = new features.SupportedMethod()
      method.setServiceName(service)
      method.setMethodName(name)
      method.setFeaturesList(list)
      answer.addMethods(method)
    }
    callback(null, answer)
  },
}
