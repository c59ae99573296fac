import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { DecodeEngine } from '../decode/decode-engine.ts'
import type { ModelRegistry } from './model-registry.ts'

/** Instruments of one server; each server has its own registry. */
export interface ServerMetrics {
  readonly requests: Counter<'route' | 'status'>
  readonly firstToken: Histogram
  readonly requestSeconds: Histogram
  /** Prometheus text. */
  text(): Promise<string>
  readonly contentType: string
}

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Creates the instruments; the engine is asked for its counters when the text is read. */
export function createServerMetrics(engine: DecodeEngine, models: ModelRegistry): ServerMetrics {
  const registry = new Registry()
  const registers = [registry]
  const gauge = (name: string, help: string): ((value: number) => void) => {
    const instrument = new Gauge({ name, help, registers })
    return (value) => instrument.set(value)
  }
  /** The worker counts; the counter only repeats it. */
  const count = (name: string, help: string): ((value: number) => void) => {
    const instrument = new Counter({ name, help, registers })
    return (value) => {
      instrument.reset()
      instrument.inc(value)
    }
  }
  const loaded = gauge('provenant_gpu_adapters_loaded', 'Adapters that requests may name')
  const fromEngine = {
    active: gauge('provenant_gpu_slots_active', 'Completions computed now'),
    queued: gauge('provenant_gpu_queue_length', 'Completions waiting for a slot or a pool row'),
    steps: count('provenant_gpu_steps_total', 'Decode steps'),
    promptTokens: count('provenant_gpu_prompt_tokens_total', 'Prompt tokens computed'),
    completionTokens: count('provenant_gpu_completion_tokens_total', 'Tokens generated'),
    resident: gauge('provenant_gpu_pool_rows_resident', 'Adapters in the pool'),
    hits: count('provenant_gpu_pool_hits_total', 'Requests whose adapter was in the pool'),
    misses: count('provenant_gpu_pool_misses_total', 'Adapters read from disk'),
    evictions: count('provenant_gpu_pool_evictions_total', 'Adapters dropped from the pool'),
  }
  return {
    requests: new Counter({
      name: 'provenant_gpu_requests_total',
      help: 'Requests by route and HTTP status',
      labelNames: ['route', 'status'],
      registers,
    }),
    firstToken: new Histogram({
      name: 'provenant_gpu_first_token_seconds',
      help: 'Time from request to first token',
      buckets: seconds,
      registers,
    }),
    requestSeconds: new Histogram({
      name: 'provenant_gpu_request_seconds',
      help: 'Time from request to last token',
      buckets: seconds,
      registers,
    }),
    async text() {
      loaded(models.list().length - 1)
      const stats = await engine.stats()
      for (const [name, show] of Object.entries(fromEngine)) {
        show(stats[name as keyof typeof fromEngine])
      }
      return registry.metrics()
    },
    contentType: registry.contentType,
  }
}
