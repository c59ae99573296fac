import { InferenceSession, Tensor } from 'onnxruntime-node'
import { BaseError } from '../../schema/errors.ts'
import { emitGradientGraph } from '../graph/emit-gradient-graph.ts'
import type { BaseModel } from '../models/base-model.ts'
import { baseLayout } from '../models/base-weights.ts'
import type { ModelConfig } from '../models/model-config.ts'
import { type AdamState, adamStep, createAdamState } from './adam.ts'
import { type CorpusPart, checkCorpus, drawBatch } from './draw-batch.ts'
import { initialWeights } from './initial-weights.ts'
import { type PretrainRecipe, pretrainRate } from './pretrain-recipe.ts'

/** Everything that a stopped run needs to go on; drawing windows depends on (seed, step) only. */
export interface PretrainState {
  readonly weights: Float32Array<ArrayBuffer>
  readonly adam: AdamState
  /** Exponential mean of the loss, 1/50 per step. */
  loss: number
}

export interface PretrainProgress {
  readonly step: number
  readonly steps: number
  /** Nats per byte, smoothed. */
  readonly loss: number
  readonly learningRate: number
  readonly bytesPerSecond: number
  readonly secondsLeft: number
}

export interface PretrainOptions {
  readonly corpus: readonly CorpusPart[]
  readonly config: ModelConfig
  readonly recipe: PretrainRecipe
  readonly seed: number
  readonly threads: number
  /** Continue from here; its step count must not exceed `recipe.steps`. */
  readonly state?: PretrainState
  readonly onProgress?: (progress: PretrainProgress) => void
  /** Called every `saveEvery` steps and at the end; must not keep the state without copying it. */
  readonly onSave?: (state: PretrainState) => Promise<void>
  readonly saveEvery?: number
  readonly signal?: AbortSignal
}

export const createPretrainState = (config: ModelConfig, seed: number): PretrainState => {
  const weights = initialWeights(config, seed)
  return { weights, adam: createAdamState(weights.length), loss: 0 }
}

/** Gives a model over the weights of a state, without copying them. */
export function modelOf(config: ModelConfig, state: PretrainState): BaseModel {
  const weights = new Map(
    baseLayout(config).map(({ name, offset, length }) => [
      name,
      state.weights.subarray(offset, offset + length),
    ]),
  )
  return { config, weights }
}

/**
 * Trains all weights of a small base model on raw bytes with AdamW, a cosine rate and clipping.
 *
 * Equal options give equal weights on machines with the same vector instructions, also when the run
 * was stopped and continued. Call it in a worker thread: ORT's `run` blocks.
 *
 * @throws CORPUS_INVALID, TRAINING_DIVERGED; the signal's reason after a last save
 */
export async function pretrainBase(options: PretrainOptions): Promise<PretrainState> {
  const { config, recipe, threads, onProgress, onSave, saveEvery = 500, signal } = options
  checkCorpus(options.corpus, recipe.tokens)
  const state = options.state ?? createPretrainState(config, options.seed)
  const graph = emitGradientGraph(config, {
    batch: recipe.batch,
    tokens: recipe.tokens,
    mode: 'full',
    weights: new Map(),
    lora: { rank: 1, alpha: 1, targets: [] },
  })
  const session = await InferenceSession.create(graph.bytes, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  })
  const shape = [recipe.batch, recipe.tokens]
  const count = recipe.batch * recipe.tokens
  const tokens = new BigInt64Array(count)
  const targets = new BigInt64Array(count)
  const feeds: Record<string, Tensor> = {
    tokens: new Tensor('int64', tokens, shape),
    targets: new Tensor('int64', targets, shape),
    lossw: new Tensor('float32', new Float32Array(count).fill(1 / count), shape),
  }
  const decayed = graph.layout.filter((entry) => entry.shape.length > 1)
  for (const entry of graph.layout) {
    const { name, shape: dimensions, offset, length } = entry
    feeds[name] = new Tensor('float32', state.weights.subarray(offset, offset + length), dimensions)
  }
  const started = performance.now()
  const first = state.adam.step
  try {
    for (let step = first + 1; step <= recipe.steps; step++) {
      if (signal?.aborted === true) {
        await onSave?.(state)
        signal.throwIfAborted()
      }
      drawBatch(options.corpus, recipe, options.seed, step, tokens, targets)
      const outputs = await session.run(feeds)
      const gradients = outputs['grads']!.data as Float32Array
      const losses = outputs['loss']!.data as Float32Array
      const loss = losses.reduce((sum, value) => sum + value, 0)
      if (!Number.isFinite(loss))
        throw new BaseError('TRAINING_DIVERGED', { facts: { step, loss } })
      let square = 0
      for (const value of gradients) square += value * value
      const scale = Math.min(1, recipe.clip / (Math.sqrt(square) + 1e-9))
      const learningRate = pretrainRate(recipe, step)
      adamStep(state.weights, gradients, state.adam, { ...recipe, decayed }, learningRate, scale)
      state.loss = step === 1 ? loss : 0.98 * state.loss + 0.02 * loss
      const seconds = (performance.now() - started) / 1000
      const done = step - first
      onProgress?.({
        step,
        steps: recipe.steps,
        loss: state.loss,
        learningRate,
        bytesPerSecond: (done * count) / seconds,
        secondsLeft: (seconds / done) * (recipe.steps - step),
      })
      if (step % saveEvery === 0 || step === recipe.steps) await onSave?.(state)
    }
  } finally {
    await session.release()
  }
  return state
}
