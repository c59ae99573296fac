import { BaseError } from '../../schema/errors.ts'
import type { Adapter } from '../models/adapter.ts'
import { adamStep, createAdamState } from './adam.ts'
import type { GradientSession } from './gradient-session.ts'
import { initialAdapter } from './initial-adapter.ts'
import type { LoraRecipe } from './lora-recipe.ts'
import { emptySlot, planBatches } from './plan-batches.ts'
import type { TokenizedExample } from './tokenized-example.ts'

export interface TrainingProgress {
  readonly step: number
  readonly steps: number
  /** Mean −log p per answer token, in nats, over the last steps (exponential, 1/20 per step). */
  readonly loss: number
  /** Unpadded tokens per second since the start. */
  readonly tokensPerSecond: number
  readonly secondsLeft: number
}

export interface Checkpoint {
  readonly step: number
  readonly fraction: number
  readonly adapter: Adapter
}

/** One step of the training log; holds nothing that differs between equal runs. */
export interface TrainingLogEntry {
  readonly step: number
  /** Mean −log p per answer token of the step's batch, in nats. */
  readonly loss: number
  readonly learningRate: number
}

export interface LoraTraining {
  readonly adapter: Adapter
  /** In the order of the recipe's fractions, without the final adapter. */
  readonly checkpoints: readonly Checkpoint[]
  readonly log: readonly TrainingLogEntry[]
  /** Row indices, `recipe.batch` per step; 0xffffffff marks an unused place. */
  readonly dataOrder: Uint32Array<ArrayBuffer>
}

export interface TrainLoraOptions {
  readonly session: GradientSession
  readonly rows: readonly TokenizedExample[]
  readonly recipe: LoraRecipe
  readonly seed: number
  readonly onProgress?: (progress: TrainingProgress) => void
  readonly signal?: AbortSignal
}

function rateAt(recipe: LoraRecipe, step: number, steps: number): number {
  const rise = recipe.warmup === 0 ? 1 : Math.min(1, step / (recipe.warmup * steps))
  return recipe.learningRate * rise * (1 - (1 - recipe.finalRate) * (step / steps))
}

const countOnes = (mask: Uint8Array): number => mask.reduce((sum, value) => sum + value, 0)

/**
 * Trains an adapter with Adam on the answer tokens of the rows.
 *
 * Equal model, rows, recipe, seed and thread count give an equal adapter, bit for bit, on machines
 * with the same vector instructions.
 *
 * @throws TRAINING_DIVERGED if a loss is not finite; TEXT_INVALID if a row fits no bucket or there
 * are no rows; the signal's reason if it aborts, checked before each step.
 */
export async function trainLora(options: TrainLoraOptions): Promise<LoraTraining> {
  const { session, rows, recipe, seed, onProgress, signal } = options
  if (rows.length === 0) throw new BaseError('TEXT_INVALID', { facts: { reason: 'no rows' } })
  const { model, lora } = session.options
  const buckets = rows.map(session.bucketOf)
  const dataOrder = planBatches(buckets, recipe.batch, recipe.epochs, seed)
  const steps = dataOrder.length / recipe.batch
  const adapter = initialAdapter(model.config, lora, seed)
  const snapshot = (): Adapter => ({ lora, values: adapter.values.slice() })
  const state = createAdamState(session.size)
  const log: TrainingLogEntry[] = []
  const checkpoints: Checkpoint[] = []
  const checkpointSteps = recipe.checkpoints.map((fraction) =>
    Math.max(1, Math.round(fraction * steps)),
  )
  const started = performance.now()
  let smoothed = 0
  let tokens = 0

  for (let step = 1; step <= steps; step++) {
    signal?.throwIfAborted()
    const slots = dataOrder.subarray((step - 1) * recipe.batch, step * recipe.batch)
    const batch = [...slots].filter((row) => row !== emptySlot).map((row) => rows[row]!)
    const weight = 1 / (recipe.batch * recipe.lossTokens)
    const { loss, gradients } = await session.lossAndGradients(batch, adapter, weight)
    const counted = batch.reduce((sum, example) => sum + countOnes(example.lossMask), 0)
    const perToken = loss / (weight * Math.max(1, counted))
    if (!Number.isFinite(perToken)) {
      throw new BaseError('TRAINING_DIVERGED', { facts: { step, loss: perToken } })
    }
    const learningRate = rateAt(recipe, step, steps)
    adamStep(adapter.values, gradients, state, recipe, learningRate)
    log.push({ step, loss: perToken, learningRate })
    for (const [index, at] of checkpointSteps.entries()) {
      if (at !== step) continue
      checkpoints.push({ step, fraction: recipe.checkpoints[index]!, adapter: snapshot() })
    }
    tokens += batch.reduce((sum, example) => sum + example.tokens.length, 0)
    smoothed = step === 1 ? perToken : 0.95 * smoothed + 0.05 * perToken
    const seconds = (performance.now() - started) / 1000
    onProgress?.({
      step,
      steps,
      loss: smoothed,
      tokensPerSecond: tokens / seconds,
      secondsLeft: (seconds / step) * (steps - step),
    })
  }
  return { adapter, checkpoints, log, dataOrder }
}
