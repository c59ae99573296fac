import type { EventStoreDBClient } from '@eventstore/db-client'
import type { CallOptions, Channel, Client, Metadata } from '@grpc/grpc-js'

/**
 * The protected part of @eventstore/db-client 6.2.1 that appends need.
 *
 * Its own `appendToStream` keeps the pending appends of all clients of the process in one map: an
 * error of one connection rejects everyone's, and the late answer then throws outside of any call,
 * which ends the process. It also has no deadline.
 */
export interface ClientInternals {
  execute<C extends Client, T>(
    service: new (...args: never[]) => C,
    name: string,
    action: (client: C) => Promise<T>,
  ): Promise<T>
  callArguments(options: object, callOptions: CallOptions): [Metadata, CallOptions]
  handleError(client: Client, error: Error): Promise<void>
  getChannel(): Promise<Channel>
}

export function clientInternals(client: EventStoreDBClient): ClientInternals {
  return client as unknown as ClientInternals
}
