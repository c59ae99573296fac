import { createEventLog } from '../../eventlog/client/create-event-log.ts'
import type { EventLog } from '../../eventlog/client/event-log.ts'
import { BaseError } from '../../schema/errors.ts'

/** A client of the event log per chain. */
export interface ChainLogs extends AsyncDisposable {
  of(chainId: number): EventLog
}

/**
 * Opens a client per chain: the appends of one client share a call, and an append that is not
 * answered in time cancels it, which would make the others of unknown outcome too.
 *
 * @throws `CONFIG_INVALID` the connection string cannot be read
 */
export function openChainLogs(connectionString: string, chainIds: readonly number[]): ChainLogs {
  const logs = new Map(chainIds.map((chainId) => [chainId, createEventLog({ connectionString })]))
  return {
    of(chainId) {
      const log = logs.get(chainId)
      if (log === undefined) throw new BaseError('INTERNAL', { facts: { chainId } })
      return log
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...logs.values()].map((log) => log.close()))
    },
  }
}
