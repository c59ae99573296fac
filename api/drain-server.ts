import type { Server } from 'node:http'

/** Less than the 5 s after which supervisors kill. */
const graceMs = 4_000

/**
 * Stops taking connections, lets running answers finish for up to 4 s and resolves when every
 * connection is closed.
 */
export async function drainServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  // A connection that becomes idle after `close` would keep the server open for seconds.
  const sweep = setInterval(() => server.closeIdleConnections(), 20)
  const cut = setTimeout(() => server.closeAllConnections(), graceMs)
  await closed
  clearInterval(sweep)
  clearTimeout(cut)
}
