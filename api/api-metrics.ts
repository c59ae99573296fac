import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Readiness } from './readiness.ts'

/** Prometheus metrics of one GraphQL server. */
export interface ApiMetrics {
  readonly contentType: string
  /** A request begins; call the result when it has been answered. */
  started(): () => void
  /** A GraphQL result with the codes of its errors; none means that it was answered completely. */
  answered(codes: readonly string[]): void
  render(readiness: Readiness): Promise<string>
}

/** Creates the metrics of a GraphQL server, with a registry of their own. */
export function createApiMetrics(): ApiMetrics {
  const registry = new Registry()
  const registers = [registry]
  const gauge = (name: string, help: string) =>
    new Gauge({ name: `provenant_api_${name}`, help, registers })
  const requests = new Counter({
    name: 'provenant_api_requests_total',
    help: 'GraphQL requests by outcome: ok or error',
    labelNames: ['outcome'],
    registers,
  })
  const errors = new Counter({
    name: 'provenant_api_errors_total',
    help: 'Errors in GraphQL results by code',
    labelNames: ['code'],
    registers,
  })
  const seconds = new Histogram({
    name: 'provenant_api_request_seconds',
    help: 'Time from request to the end of its answer',
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  })
  const inFlight = gauge('requests_in_flight', 'Requests that are being answered')
  const ready = gauge('ready', '1 while /ready answers 200')
  const height = gauge('indexed_height', 'Newest block that the tables show')
  const lag = gauge('lag_blocks', 'Blocks between the node and the tables')
  return {
    contentType: registry.contentType,
    started() {
      inFlight.inc()
      const stop = seconds.startTimer()
      let over = false
      return () => {
        if (over) return
        over = true
        inFlight.dec()
        stop()
      }
    },
    answered(codes) {
      requests.inc({ outcome: codes.length === 0 ? 'ok' : 'error' })
      for (const code of codes) errors.inc({ code })
    },
    render({ missing, indexedBlock, lagBlocks }) {
      ready.set(missing.length === 0 ? 1 : 0)
      // A series that stops is told from one that stays at its last value.
      if (indexedBlock === null) height.reset()
      else height.set(indexedBlock)
      if (lagBlocks === null) lag.reset()
      else lag.set(lagBlocks)
      return registry.metrics()
    },
  }
}
