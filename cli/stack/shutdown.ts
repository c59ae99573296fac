/** Stops what was started, last first, once. */
export interface Shutdown {
  /** Registers how to stop something; runs at once when the shutdown is already over. */
  add(name: string, close: () => Promise<void>): void
  /** Stops everything; failures are gathered and thrown together at the end. */
  run(): Promise<void>
}

export function createShutdown(): Shutdown {
  const steps: { readonly name: string; readonly close: () => Promise<void> }[] = []
  let running: Promise<void> | undefined
  const stopAll = async () => {
    const failures: unknown[] = []
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
      const { name, close } = step
      await close().catch((cause: unknown) =>
        failures.push(new Error(`closing ${name}`, { cause })),
      )
    }
    if (failures.length > 0) throw new AggregateError(failures, 'some parts did not stop')
  }
  return {
    add(name, close) {
      steps.push({ name, close })
      if (running !== undefined) running = running.then(stopAll)
    },
    run: () => (running ??= stopAll()),
  }
}
