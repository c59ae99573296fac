/** Options for the client's streams: a batch of events ahead, and ended only by `releaseStream`. */
export const buffered = { highWaterMark: 512, autoDestroy: false } as const

interface Releasable {
  removeAllListeners(event: string): unknown
  on(event: 'error', listener: () => void): unknown
  resume(): unknown
}

/**
 * Ends a stream of the EventStoreDB client early.
 *
 * Destroying it would leave the call behind it paused: the call never finishes, the client keeps it
 * for ever and `dispose` waits for it. So it is cancelled and drained instead.
 */
export async function releaseStream(
  stream: Releasable,
  cancel: () => Promise<void>,
): Promise<void> {
  stream.removeAllListeners('readable')
  stream.on('error', () => {})
  stream.resume()
  await cancel().catch(() => {})
}
