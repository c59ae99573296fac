import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { EpochCloserStatus } from './create-epoch-closer.ts'

/** Prometheus metrics of one engine. */
export interface EngineMetrics {
  readonly contentType: string
  /** An epoch was closed over so many calls. */
  closed(calls: number, seconds: number): void
  render(status: EpochCloserStatus): Promise<string>
}

/** Creates the metrics of an engine, with a registry of their own. */
export function createEngineMetrics(chainId: number): EngineMetrics {
  const registry = new Registry()
  registry.setDefaultLabels({ chain: String(chainId) })
  const registers = [registry]
  const gauge = (name: string, help: string) =>
    new Gauge({ name: `provenant_engine_${name}`, help, registers })
  const counter = (name: string, help: string) =>
    new Counter({ name: `provenant_engine_${name}`, help, registers })
  const epochs = counter('epochs_closed_total', 'Epochs closed since the start')
  const calls = counter('calls_attributed_total', 'Calls in those epochs')
  const failures = counter('failures_total', 'Looks that failed and were repeated')
  const open = gauge('open_calls', 'Calls in final blocks that are in no epoch yet')
  const height = gauge('final_height', 'Newest final block that the engine has read')
  const models = gauge('models_indexed', 'Model versions whose gradients are complete')
  const done = gauge('progress_ratio', 'Part of the stage that runs, from 0 to 1')
  const seconds = new Histogram({
    name: 'provenant_engine_close_seconds',
    help: 'Time it took to close an epoch',
    buckets: [0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600],
    registers,
  })
  return {
    contentType: registry.contentType,
    closed(count, duration) {
      epochs.inc()
      calls.inc(count)
      seconds.observe(duration)
    },
    render(status) {
      failures.reset()
      failures.inc(status.failures)
      open.set(status.openCalls)
      height.set(status.finalHeight)
      models.set(status.modelsIndexed)
      const { progress } = status
      done.set(progress === undefined ? 0 : progress.done / Math.max(1, progress.total))
      return registry.metrics()
    },
  }
}
