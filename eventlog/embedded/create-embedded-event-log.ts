import operationsService from '@eventstore/db-client/generated/operations_grpc_pb.js'
import groupsService from '@eventstore/db-client/generated/persistent_grpc_pb.js'
import serverFeatures from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js'
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js'
import { Server, ServerCredentials } from '@grpc/grpc-js'
import { BaseError } from '../../schema/errors.ts'
import { acceptEncoded } from './accept-encoded.ts'
import { openGroupRegistry } from './groups/group-registry.ts'
import { serveGroups } from './groups/serve-groups.ts'
import { openLogStore } from './log-store.ts'
import { createScavenger } from './scavenge/create-scavenger.ts'
import { serveFeatures } from './serve-features.ts'
import { serveOperations } from './serve-operations.ts'
import { serveStreams } from './serve-streams.ts'

const SCHEMA_NAME = /^[a-z_][a-z0-9_]{0,62}$/
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024

export interface EmbeddedEventLogOptions {
  readonly databaseUrl: string
  /** Schema of the log's tables; one server per schema. Defaults to `eventlog`. */
  readonly schema?: string
  /** Defaults to 0: the operating system chooses. */
  readonly port?: number
  /** Defaults to 127.0.0.1; the server has no authentication. */
  readonly host?: string
  /** How long to wait for another server of the schema to end. Defaults to 5 s. */
  readonly lockTimeoutMs?: number
  /**
   * Prefixes of streams that may lose no event: deletes, tombstones and metadata that would hide
   * events are refused, and a scavenge passes over them. Defaults to the streams of facts.
   */
  readonly keep?: readonly string[]
  /** Larger appends are refused, counted without their framing. Defaults to 16 MiB. */
  readonly maxAppendBytes?: number
}

export interface EmbeddedEventLog extends AsyncDisposable {
  readonly connectionString: string
  readonly port: number
  close(): Promise<void>
}

/**
 * Serves the EventStoreDB protocol from a PostgreSQL database.
 *
 * An append is answered after its commit; after a crash the log continues where the last commit
 * ended.
 *
 * @throws EVENT_LOG_LOCKED another server writes to the schema
 * @throws DATABASE_UNAVAILABLE the database does not answer
 * @throws EVENT_LOG_UNAVAILABLE the port is taken
 */
export async function createEmbeddedEventLog({
  databaseUrl,
  schema = 'eventlog',
  port: wantedPort = 0,
  host = '127.0.0.1',
  lockTimeoutMs = 5_000,
  keep = ['chain-', 'attribution-', 'epochs-'],
  maxAppendBytes = 16 * 1024 * 1024,
}: EmbeddedEventLogOptions): Promise<EmbeddedEventLog> {
  if (!SCHEMA_NAME.test(schema)) throw new BaseError('CONFIG_INVALID', { facts: { schema } })
  const isKept = (stream: string) => keep.some((prefix) => stream.startsWith(prefix))
  const store = await openLogStore({ databaseUrl, schema, lockTimeoutMs, isKept })
  const groups = await openGroupRegistry(store).catch(async (cause: unknown) => {
    await store.close()
    throw cause
  })
  const scavenger = createScavenger(store, databaseUrl)
  const server = new Server({
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
  })
  server.addService(serverFeatures.ServerFeaturesService, serveFeatures)
  const { StreamsService } = streamsService
  server.addService(
    { ...StreamsService, read: acceptEncoded(StreamsService.read) },
    { ...serveStreams(store, maxAppendBytes) },
  )
  server.addService(operationsService.OperationsService, serveOperations(scavenger))
  const { PersistentSubscriptionsService } = groupsService
  server.addService(
    { ...PersistentSubscriptionsService, read: acceptEncoded(PersistentSubscriptionsService.read) },
    { ...serveGroups(store, groups) },
  )

  const port = await listen(server, host, wantedPort).catch(async (cause: unknown) => {
    await groups.close()
    await store.close()
    throw new BaseError('EVENT_LOG_UNAVAILABLE', { facts: { host, port: wantedPort }, cause })
  })

  let closing: Promise<void> | undefined
  const close = async () => {
    await groups.close()
    await scavenger.close()
    await store.writer.close()
    server.forceShutdown()
    await store.close()
  }
  return {
    connectionString: `esdb://${host}:${port}?tls=false`,
    port,
    close: () => (closing ??= close()),
    [Symbol.asyncDispose]: () => (closing ??= close()),
  }
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(`${host}:${port}`, ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    )
  })
}
