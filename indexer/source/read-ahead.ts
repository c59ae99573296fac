/**
 * Asks for the next item while the last one is being used; never for more than one.
 *
 * A failure is thrown when its item is asked for. Whoever stops early stops the source too.
 */
export async function* readAhead<Item>(source: AsyncIterable<Item>): AsyncGenerator<Item> {
  const items = source[Symbol.asyncIterator]()
  let next = items.next()
  try {
    for (;;) {
      const { done, value } = await next
      if (done === true) return
      next = items.next()
      // It may fail long before anyone asks.
      next.catch(() => undefined)
      yield value
    }
  } finally {
    // What is still being read need not be waited for.
    void items.return?.().catch(() => undefined)
  }
}
