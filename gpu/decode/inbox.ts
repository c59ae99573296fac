/** An unbounded queue with one reader; a failure comes after everything that was pushed before it. */
export interface Inbox<T> {
  push(item: T): void
  /** Makes every later `take` throw, once the items before it are taken. */
  fail(error: unknown): void
  /** Waits for the next item. */
  take(): Promise<T>
}

/** Creates an empty inbox. */
export function createInbox<T>(): Inbox<T> {
  const items: T[] = []
  let failure: { readonly error: unknown } | undefined
  let wake: (() => void) | undefined
  return {
    push(item) {
      items.push(item)
      wake?.()
    },
    fail(error) {
      failure ??= { error }
      wake?.()
    },
    async take() {
      while (items.length === 0) {
        if (failure !== undefined) throw failure.error
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      return items.shift()!
    },
  }
}
