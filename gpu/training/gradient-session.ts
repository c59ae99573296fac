import { type InferenceSession, Tensor } from 'onnxruntime-node'
import { BaseError } from '../../schema/errors.ts'
import type { GradientMode } from '../graph/gradient-context.ts'
import { type Adapter, adapterLayout, adapterSize, type LoraConfig } from '../models/adapter.ts'
import type { BaseModel } from '../models/base-model.ts'
import { type BoundGraph, bindGraph, fillRow } from './bound-graph.ts'
import type { TokenizedExample } from './tokenized-example.ts'

export interface GradientSessionOptions {
  readonly model: BaseModel
  readonly lora: LoraConfig
  /** Graph lengths in tokens, ascending; an example runs in the shortest that holds it. */
  readonly buckets: readonly number[]
  /**
   * Rows per graph run, default 8; missing rows are padded with weight 0. More rows are no faster
   * and take memory in proportion: 0.85 GB with 8 rows of the bundled model, 2.5 GB with 32.
   */
  readonly batch?: number
  /** ORT threads; the last bits of sums depend on it. */
  readonly threads: number
}

export interface LossAndGradients {
  /** Σ over examples and answer tokens of −log p, times `weight`. */
  readonly loss: number
  /** In the order of `adapterLayout`. */
  readonly gradients: Float32Array<ArrayBuffer>
}

/**
 * Losses and adapter gradients of one base model, on onnxruntime's CPU provider.
 *
 * `run` of ORT is synchronous native code: use it in a worker thread.
 */
export interface GradientSession extends AsyncDisposable {
  readonly options: GradientSessionOptions
  /** Numbers per adapter and per gradient. */
  readonly size: number
  /** Index into `buckets`; throws TEXT_INVALID if the example is longer than the last. */
  bucketOf(example: TokenizedExample): number
  /** Sums loss and gradient; `weight` multiplies every answer token (default 1). */
  lossAndGradients(
    examples: readonly TokenizedExample[],
    adapter: Adapter,
    weight?: number,
  ): Promise<LossAndGradients>
  /** Gradient of each example's Σ −log p of its answer, rows of `size` in input order. */
  perExampleGradients(
    examples: readonly TokenizedExample[],
    adapter: Adapter,
  ): Promise<Float32Array<ArrayBuffer>>
  /** Σ log p of each example's answer, in input order. */
  logLikelihood(
    examples: readonly TokenizedExample[],
    adapter: Adapter,
  ): Promise<Float64Array<ArrayBuffer>>
  /** Frees the native sessions; may be called twice. */
  close(): Promise<void>
}

/** Creates a session; graphs are built when first needed. */
export function createGradientSession(options: GradientSessionOptions): GradientSession {
  const { model, lora, buckets, batch = 8, threads } = options
  const layout = adapterLayout(model.config, lora)
  const size = adapterSize(model.config, lora)
  const graphs = new Map<string, Promise<BoundGraph>>()
  let closed = false

  const open = (mode: GradientMode, bucket: number): Promise<BoundGraph> => {
    if (closed) throw new BaseError('INTERNAL', { facts: { reason: 'gradient session is closed' } })
    const width = buckets[bucket]!
    const key = `${mode} ${width}`
    const known = graphs.get(key)
    if (known !== undefined) return known
    const created = bindGraph(model, lora, { batch, tokens: width, mode, threads })
    graphs.set(key, created)
    return created
  }
  const bucketOf = (example: TokenizedExample): number => {
    const bucket = buckets.findIndex((width) => example.tokens.length <= width)
    if (bucket < 0) {
      throw new BaseError('TEXT_INVALID', {
        facts: { reason: 'too long', tokens: example.tokens.length, maxTokens: buckets.at(-1) },
      })
    }
    return bucket
  }
  const checkAdapter = (adapter: Adapter): void => {
    const { rank, alpha, targets } = adapter.lora
    const same =
      rank === lora.rank && alpha === lora.alpha && targets.join() === lora.targets.join()
    if (same && adapter.values.length === size) return
    throw new BaseError('ADAPTER_INVALID', {
      facts: { reason: 'the session was made for another rank, alpha or set of targets' },
    })
  }

  let last: Promise<void> = Promise.resolve()
  /** One call at a time: the input arrays of a graph are reused. */
  const exclusively = (work: () => Promise<void>): Promise<void> => {
    const result = last.then(work)
    last = result.catch(() => undefined)
    return result
  }

  /** Runs every example once, bucket by bucket; `take` sees the input positions of each run. */
  const runAll = (
    mode: GradientMode,
    examples: readonly TokenizedExample[],
    adapter: Adapter,
    weight: number,
    take: (positions: readonly number[], outputs: InferenceSession.OnnxValueMapType) => void,
  ): Promise<void> =>
    exclusively(async () => {
      checkAdapter(adapter)
      const adapterFeeds = Object.fromEntries(
        layout.map((entry) => [
          entry.name,
          new Tensor(
            'float32',
            adapter.values.subarray(entry.offset, entry.offset + entry.length),
            entry.shape,
          ),
        ]),
      )
      const groups: number[][] = buckets.map(() => [])
      for (const [position, example] of examples.entries())
        groups[bucketOf(example)]!.push(position)
      for (const [bucket, positions] of groups.entries()) {
        for (let start = 0; start < positions.length; start += batch) {
          const chunk = positions.slice(start, start + batch)
          const graph = await open(mode, bucket)
          for (let row = 0; row < batch; row++) {
            const position = chunk[row]
            const example = position === undefined ? undefined : examples[position]
            fillRow(graph, row, buckets[bucket]!, example, weight)
          }
          take(chunk, await graph.session.run({ ...graph.feeds, ...adapterFeeds }))
        }
      }
    })
  const floats = (
    outputs: InferenceSession.OnnxValueMapType,
    name: string,
  ): Float32Array<ArrayBuffer> => outputs[name]!.data as Float32Array<ArrayBuffer>

  return {
    options,
    size,
    bucketOf,
    async lossAndGradients(examples, adapter, weight = 1) {
      const gradients = new Float32Array(size)
      let loss = 0
      await runAll('sum', examples, adapter, weight, (_, outputs) => {
        for (const value of floats(outputs, 'loss')) loss += value
        const part = floats(outputs, 'grads')
        for (let i = 0; i < size; i++) gradients[i]! += part[i]!
      })
      return { loss, gradients }
    },
    async perExampleGradients(examples, adapter) {
      const rows = new Float32Array(examples.length * size)
      await runAll('perexample', examples, adapter, 1, (positions, outputs) => {
        const part = floats(outputs, 'grads')
        for (const [row, position] of positions.entries()) {
          rows.set(part.subarray(row * size, (row + 1) * size), position * size)
        }
      })
      return rows
    },
    async logLikelihood(examples, adapter) {
      const out = new Float64Array(examples.length)
      await runAll('forward', examples, adapter, 1, (positions, outputs) => {
        const losses = floats(outputs, 'loss')
        for (const [row, position] of positions.entries()) out[position] = -losses[row]!
      })
      return out
    },
    async close() {
      if (closed) return
      closed = true
      const opened = await Promise.allSettled(graphs.values())
      for (const graph of opened) {
        if (graph.status === 'fulfilled') await graph.value.session.release()
      }
    },
    async [Symbol.asyncDispose]() {
      await this.close()
    },
  }
}
