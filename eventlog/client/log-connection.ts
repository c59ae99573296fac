import type { EventStoreDBClient } from '@eventstore/db-client'
import type { Upcasters } from './upcast-event.ts'

/** What reading needs: a client, how long it may be silent, and how old events become new ones. */
export interface LogConnection {
  readonly client: EventStoreDBClient
  readonly deadlineMs: number
  readonly upcasters: Upcasters
}
