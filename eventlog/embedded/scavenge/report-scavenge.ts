import { randomUUID } from 'node:crypto'
import type { LogStore } from '../log-store.ts'

export interface ScavengeOutcome {
  readonly result: 'Success' | 'Stopped' | 'Failed'
  readonly timeTakenMs: number
  readonly removed: number
  readonly removedBytes: number
}

export interface ScavengeReport {
  started(): Promise<void>
  completed(outcome: ScavengeOutcome): Promise<void>
}

/** Tells of a scavenge in the stream `$scavenges-<id>`, with the event types of EventStoreDB. */
export function reportScavenge(log: LogStore, scavengeId: string): ScavengeReport {
  const write = async (type: string, data: object): Promise<void> => {
    const event = {
      id: randomUUID(),
      type,
      contentType: 'application/json',
      data: Buffer.from(JSON.stringify({ scavengeId, ...data })),
      metadata: Buffer.alloc(0),
    }
    const stream = `$scavenges-${scavengeId}`
    // A report that cannot be written must not end the scavenge.
    await log.writer
      .append({ stream, expected: { kind: 'any' }, events: [event] })
      .catch(() => undefined)
  }
  return {
    started: () => write('$scavengeStarted', {}),
    completed: ({ result, timeTakenMs, removed, removedBytes }: ScavengeOutcome) =>
      write('$scavengeCompleted', {
        result,
        error: null,
        timeTaken: Math.round(timeTakenMs),
        spaceSaved: removedBytes,
        eventsRemoved: removed,
      }),
  }
}
