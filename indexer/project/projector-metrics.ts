import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Projector } from './create-projector.ts'

/** Prometheus metrics of one projector. */
export interface ProjectorMetrics {
  readonly contentType: string
  /** A batch of events that was committed, in seconds. */
  wrote(seconds: number): void
  render(projector: Pick<Projector, 'status'>): Promise<string>
}

/** Creates the metrics of a projector, with a registry of their own. */
export function createProjectorMetrics(projection: string): ProjectorMetrics {
  const registry = new Registry()
  registry.setDefaultLabels({ projection })
  const registers = [registry]
  const gauge = (name: string, help: string) =>
    new Gauge({ name: `provenant_projector_${name}`, help, registers })
  const position = gauge('position', 'Place in the log up to which the tables are')
  const caughtUp = gauge('caught_up', '1 once the end of the log was reached')
  const lag = gauge(
    'lag_seconds',
    'Time between append and tables of the newest event in the tables',
  )
  const events = new Counter({
    name: 'provenant_projector_events_total',
    help: 'Events projected since the start',
    registers,
  })
  const restarts = new Counter({
    name: 'provenant_projector_restarts_total',
    help: 'Runs that failed and were repeated',
    registers,
  })
  const deadLetters = new Counter({
    name: 'provenant_projector_dead_letters_total',
    help: 'Events that the tables refused since the start',
    registers,
  })
  const batchSeconds = new Histogram({
    name: 'provenant_projector_batch_seconds',
    help: 'Duration of a committed batch',
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  })
  return {
    contentType: registry.contentType,
    wrote: (seconds) => batchSeconds.observe(seconds),
    async render(projector) {
      const status = projector.status()
      position.set(Number(status.position))
      caughtUp.set(status.caughtUp ? 1 : 0)
      if (status.delaySeconds !== undefined) lag.set(status.delaySeconds)
      for (const [counter, total] of [
        [events, status.events],
        [restarts, status.restarts],
        [deadLetters, status.deadLetters],
      ] as const) {
        counter.reset()
        counter.inc(total)
      }
      return registry.metrics()
    },
  }
}
