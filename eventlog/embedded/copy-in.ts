import type pg from 'pg'

/** The part of the connection of `pg` that a COPY needs. */
interface CopyConnection {
  query(text: string): void
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
}

/**
 * Runs one `COPY … FROM STDIN`, for which `pg` has no call.
 *
 * The data follows the statement without waiting: a server that refuses the statement skips it.
 */
export function copyIn(client: pg.ClientBase, text: string, data: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    let failed: unknown
    const nothing = () => {}
    client.query({
      submit(connection: CopyConnection) {
        connection.query(text)
        connection.sendCopyFromChunk(data)
        connection.endCopyFrom()
      },
      handleCopyInResponse: nothing,
      handleCommandComplete: nothing,
      handleError(error: Error) {
        failed ??= error
        // A lost connection says nothing more; after a refusal this is merely early.
        reject(error)
      },
      handleReadyForQuery: () => (failed === undefined ? resolve() : undefined),
      handleRowDescription: nothing,
      handleDataRow: nothing,
      handleEmptyQuery: nothing,
      handlePortalSuspended: nothing,
      handleCopyData: nothing,
    } as unknown as pg.Submittable)
  })
}
