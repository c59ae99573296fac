import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { EventLog } from '../../eventlog/client/event-log.ts'
import { chainStream } from '../../schema/events/streams.ts'
import type { ProjectorStatus } from './create-projector.ts'
import { measureLag } from './measure-lag.ts'

/** What the projector of one chain tells while it runs. */
export interface ProjectionMetrics {
  /** A batch of events that was committed, in seconds. */
  wrote(seconds: number): void
}

/** Prometheus metrics of the projectors of one process; each value has the label `chain`. */
export interface ProjectorMetrics {
  readonly contentType: string
  of(chainId: number): ProjectionMetrics
  render(chains: readonly ProjectedChain[]): Promise<string>
}

interface ProjectedChain {
  readonly chainId: number
  readonly status: ProjectorStatus
  /** Asked for the end of the chain's stream; without it the lag is not told. */
  readonly eventLog?: Pick<EventLog, 'readLast'>
}

const counters = {
  events: ['events_total', 'Events projected since the start'],
  restarts: ['restarts_total', 'Runs that failed and were repeated'],
  deadLetters: ['dead_letters_total', 'Events that the tables refused since the start'],
} as const satisfies Partial<Record<keyof ProjectorStatus, readonly [string, string]>>

/**
 * Creates the metrics of a process's projectors, with a registry of their own.
 *
 * @param options.now milliseconds since 1970
 */
export function createProjectorMetrics(
  projection: string,
  options: { readonly now?: () => number } = {},
): ProjectorMetrics {
  const { now = Date.now } = options
  const registry = new Registry()
  registry.setDefaultLabels({ projection })
  const registers = [registry]
  const labelNames = ['chain'] as const
  const named = (name: string, help: string) => ({ name: `provenant_projector_${name}`, help })
  const gauge = (name: string, help: string) =>
    new Gauge({ ...named(name, help), labelNames, registers })
  const position = gauge('position', 'Place in the log up to which the tables are')
  const caughtUp = gauge('caught_up', '1 once the end of the log was reached')
  const delay = gauge(
    'lag_seconds',
    'Time between append and tables of the newest event in the tables',
  )
  const behind = gauge(
    'behind_seconds',
    'Age of the newest event in the tables, 0 with all in them',
  )
  const missing = gauge('lag_events', "Events of the chain's stream that are not in the tables")
  const rate = gauge('events_per_second', 'Events projected per second in the last ten seconds')
  const totals = Object.entries(counters).map(([key, [name, help]]) => ({
    key: key as keyof typeof counters,
    counter: new Counter({ ...named(name, help), labelNames, registers }),
  }))
  const batchSeconds = new Histogram({
    ...named('batch_seconds', 'Duration of a committed batch'),
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    labelNames,
    registers,
  })
  const tellLag = async ({ chainId, status, eventLog }: ProjectedChain) => {
    const chain = String(chainId)
    // A log that is down says nothing of the lag; the other metrics are told all the same.
    const end = await eventLog?.readLast(chainStream(chainId)).catch(() => null)
    if (eventLog === undefined || end === null) return
    const { events, seconds } = measureLag(status, end, now())
    if (events !== undefined) missing.set({ chain }, events)
    if (seconds !== undefined) behind.set({ chain }, seconds)
  }
  return {
    contentType: registry.contentType,
    of: (chainId) => ({
      wrote: (seconds) => batchSeconds.observe({ chain: String(chainId) }, seconds),
    }),
    async render(chains) {
      await Promise.all(chains.map(tellLag))
      for (const { counter } of totals) counter.reset()
      for (const { chainId, status } of chains) {
        const chain = String(chainId)
        position.set({ chain }, Number(status.position))
        caughtUp.set({ chain }, status.caughtUp ? 1 : 0)
        rate.set({ chain }, status.eventsPerSecond)
        if (status.delaySeconds !== undefined) delay.set({ chain }, status.delaySeconds)
        for (const { key, counter } of totals) counter.inc({ chain }, status[key])
      }
      return registry.metrics()
    },
  }
}
