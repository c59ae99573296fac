import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { type LaneBook, laneHead } from './lane-book.ts'

/** Prometheus metrics of one gateway. */
export interface GatewayMetrics {
  countCall(model: string, outcome: string, seconds: number): void
  countBatch(outcome: 'recorded' | 'failed', calls: number): void
  render(): Promise<string>
  readonly contentType: string
}

/** Models of refused calls are not labels: anyone could invent names without end. */
export function createGatewayMetrics(lanes: LaneBook): GatewayMetrics {
  const registry = new Registry()
  const registers = [registry]
  const calls = new Counter({
    name: 'provenant_gateway_calls_total',
    help: 'Calls by model and outcome; the outcome is "answered" or an error code',
    labelNames: ['model', 'outcome'],
    registers,
  })
  const seconds = new Histogram({
    name: 'provenant_gateway_call_seconds',
    help: 'Seconds from request to recorded answer',
    buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30],
    registers,
  })
  const batches = new Counter({
    name: 'provenant_gateway_batches_total',
    help: 'Batches by outcome',
    labelNames: ['outcome'],
    registers,
  })
  const settled = new Counter({
    name: 'provenant_gateway_settled_calls_total',
    help: 'Calls recorded on the chain',
    registers,
  })
  new Gauge({
    name: 'provenant_gateway_pending_calls',
    help: 'Answered calls that the chain does not show yet',
    registers,
    collect() {
      this.set(lanes.all().reduce((sum, { pending }) => sum + pending.length, 0))
    },
  })
  new Gauge({
    name: 'provenant_gateway_pending_fees',
    help: 'Fees of those calls in base units, rounded to a double',
    registers,
    collect() {
      const fees = lanes.all().map((lane) => laneHead(lane).charged - lane.settled.charged)
      this.set(Number(fees.reduce((sum, fee) => sum + fee, 0n)))
    },
  })
  return {
    countCall(model, outcome, duration) {
      calls.inc({ model, outcome })
      if (outcome === 'answered') seconds.observe(duration)
    },
    countBatch(outcome, count) {
      batches.inc({ outcome })
      settled.inc(count)
    },
    render: () => registry.metrics(),
    contentType: registry.contentType,
  }
}
