import { InferenceSession, Tensor } from 'onnxruntime-node'
import { emitGradientGraph } from '../graph/emit-gradient-graph.ts'
import type { GradientMode } from '../graph/gradient-context.ts'
import type { LoraConfig } from '../models/adapter.ts'
import type { BaseModel } from '../models/base-model.ts'
import type { TokenizedExample } from './tokenized-example.ts'

/** An ONNX session and the arrays behind its input tensors, written in place before each run. */
export interface BoundGraph {
  readonly session: InferenceSession
  readonly tokens: BigInt64Array<ArrayBuffer>
  readonly targets: BigInt64Array<ArrayBuffer>
  readonly weights: Float32Array<ArrayBuffer>
  readonly feeds: Record<string, Tensor>
}

/** Writes one row of the inputs, right-padded; without an example the row has weight 0. */
export function fillRow(
  graph: BoundGraph,
  row: number,
  width: number,
  example: TokenizedExample | undefined,
  weight: number,
): void {
  const start = row * width
  graph.tokens.fill(0n, start, start + width)
  graph.targets.fill(0n, start, start + width)
  graph.weights.fill(0, start, start + width)
  if (example === undefined) return
  for (let t = 0; t < example.tokens.length; t++) {
    graph.tokens[start + t] = BigInt(example.tokens[t]!)
    graph.targets[start + t] = BigInt(example.targets[t]!)
    graph.weights[start + t] = example.lossMask[t]! * weight
  }
}

/** Emits a gradient graph of a base model, loads it into onnxruntime and binds its inputs. */
export async function bindGraph(
  model: BaseModel,
  lora: LoraConfig,
  options: {
    readonly batch: number
    readonly tokens: number
    readonly mode: GradientMode
    readonly threads: number
  },
): Promise<BoundGraph> {
  const { threads, ...size } = options
  const graph = emitGradientGraph(model.config, { ...size, lora, weights: model.weights })
  const session = await InferenceSession.create(graph.bytes, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  })
  const shape = [size.batch, size.tokens]
  const tokens = new BigInt64Array(size.batch * size.tokens)
  const targets = new BigInt64Array(size.batch * size.tokens)
  const weights = new Float32Array(size.batch * size.tokens)
  const feeds = {
    tokens: new Tensor('int64', tokens, shape),
    targets: new Tensor('int64', targets, shape),
    lossw: new Tensor('float32', weights, shape),
  }
  return { session, tokens, targets, weights, feeds }
}
