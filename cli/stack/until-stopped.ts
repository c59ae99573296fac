/** Resolves when the signal aborts; rejects when a part of the stack fails for good. */
export async function untilStopped(
  signal: AbortSignal,
  failed: Promise<never> = new Promise(() => undefined),
): Promise<void> {
  // Nothing else may keep the process alive, such as a stack whose sockets are all idle.
  const alive = setInterval(() => undefined, 60_000)
  try {
    await Promise.race([
      failed,
      new Promise<void>((resolve) => {
        if (signal.aborted) resolve()
        else signal.addEventListener('abort', () => resolve(), { once: true })
      }),
    ])
  } finally {
    clearInterval(alive)
  }
}
