import { setTimeout as sleep } from 'node:timers/promises'
import { EventStoreDBClient } from '@eventstore/db-client'
import operationsService from '@eventstore/db-client/generated/operations_grpc_pb.js'
import operations from '@eventstore/db-client/generated/operations_pb.js'
import { BaseError } from '../../schema/errors.ts'
import { clientInternals } from './client-internals.ts'
import { createEventLog } from './create-event-log.ts'
import type { EventLog } from './event-log.ts'
import { toEventLogError } from './to-event-log-error.ts'

const POLL_MS = 200

export interface ScavengeOptions {
  /** `esdb://host:port?tls=false`; a secured server wants credentials of an operator. */
  readonly connectionString: string
  /** Stops the scavenge; the next one goes on where it stopped. */
  readonly signal?: AbortSignal
}

export interface ScavengeResult {
  readonly id: string
  readonly result: 'Success' | 'Stopped' | 'Failed'
  readonly timeTakenMs: number
  readonly spaceSavedBytes: number
}

/**
 * Removes for good what metadata, deletes and tombstones hide, and waits until that is done.
 *
 * It runs in the server beside everything else. What it has removed is gone.
 *
 * @throws EVENT_LOG_UNAVAILABLE no connection
 * @throws EVENT_LOG_REFUSED another scavenge runs, or the server has none
 */
export async function scavenge({
  connectionString,
  signal,
}: ScavengeOptions): Promise<ScavengeResult> {
  const client = EventStoreDBClient.connectionString(connectionString)
  const log = createEventLog({ connectionString })
  try {
    const id = await start(client)
    for (;;) {
      if (signal?.aborted) await stop(client, id)
      const ended = await readEnd(log, id)
      if (ended !== undefined) return ended
      await sleep(POLL_MS, undefined, signal?.aborted ? {} : { signal }).catch(() => {})
    }
  } catch (cause) {
    throw toEventLogError(cause)
  } finally {
    await log.close()
    const channel = await clientInternals(client)
      .getChannel()
      .catch(() => undefined)
    await client.dispose()
    channel?.close()
  }
}

async function start(client: EventStoreDBClient): Promise<string> {
  const request = new operations.StartScavengeReq()
  const options = new operations.StartScavengeReq.Options()
  options.setThreadCount(1)
  request.setOptions(options)
  const response = await call(client, (grpc, done) => grpc.startScavenge(request, done))
  const id = response.getScavengeId()
  if (response.getScavengeResult() !== operations.ScavengeResp.ScavengeResult.STARTED)
    throw new BaseError('EVENT_LOG_REFUSED', { facts: { reason: 'a scavenge is running', id } })
  return id
}

async function stop(client: EventStoreDBClient, id: string): Promise<void> {
  const request = new operations.StopScavengeReq()
  const options = new operations.StopScavengeReq.Options()
  options.setScavengeId(id)
  request.setOptions(options)
  // It may have ended by itself; its stream tells.
  await call(client, (grpc, done) => grpc.stopScavenge(request, done)).catch(() => {})
}

type Done = (error: Error | null, response: operations.ScavengeResp) => void
type Grpc = InstanceType<typeof operationsService.OperationsClient>

function call(
  client: EventStoreDBClient,
  send: (grpc: Grpc, done: Done) => void,
): Promise<operations.ScavengeResp> {
  return clientInternals(client).execute(
    operationsService.OperationsClient,
    'scavenge',
    (grpc) =>
      new Promise<operations.ScavengeResp>((resolve, reject) =>
        send(grpc, (error, response) => (error ? reject(error) : resolve(response))),
      ),
  )
}

async function readEnd(log: EventLog, id: string): Promise<ScavengeResult | undefined> {
  const last = await log.readLast(`$scavenges-${id}`)
  if (last?.type !== '$scavengeCompleted') return undefined
  return {
    id,
    result: last.data['result'] as ScavengeResult['result'],
    timeTakenMs: Number(last.data['timeTaken'] ?? 0),
    spaceSavedBytes: Number(last.data['spaceSaved'] ?? 0),
  }
}
