export interface AdamOptions {
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  /** Decoupled decay per unit of learning rate; applied to the ranges `decayed`. */
  readonly weightDecay?: number
  readonly decayed?: readonly { readonly offset: number; readonly length: number }[]
}

/** First and second moments and the number of steps taken. */
export interface AdamState {
  readonly m: Float32Array<ArrayBuffer>
  readonly v: Float32Array<ArrayBuffer>
  step: number
}

export const createAdamState = (size: number): AdamState => ({
  m: new Float32Array(size),
  v: new Float32Array(size),
  step: 0,
})

/**
 * Applies one AdamW update to `parameters` in place (arXiv 1711.05101).
 *
 * Moments are f32 and the update is computed in f64 in index order, so that equal gradients give
 * equal parameters on every machine.
 *
 * @param scale multiplies the gradient first, for clipping by norm
 */
export function adamStep(
  parameters: Float32Array,
  gradients: Float32Array,
  state: AdamState,
  options: AdamOptions,
  learningRate: number,
  scale = 1,
): void {
  const { beta1, beta2, epsilon, weightDecay = 0, decayed } = options
  const { m, v } = state
  state.step += 1
  const rate = learningRate / (1 - beta1 ** state.step)
  const correction = 1 / (1 - beta2 ** state.step)
  const shrink = learningRate * weightDecay
  const keep1 = 1 - beta1
  const keep2 = 1 - beta2
  for (let i = 0; i < parameters.length; i++) {
    const gradient = gradients[i]! * scale
    const first = beta1 * m[i]! + keep1 * gradient
    const second = beta2 * v[i]! + keep2 * gradient * gradient
    m[i] = first
    v[i] = second
    parameters[i] = parameters[i]! - (rate * first) / (Math.sqrt(second * correction) + epsilon)
  }
  if (decayed === undefined || shrink === 0) return
  for (const { offset, length } of decayed) {
    for (let i = offset; i < offset + length; i++) parameters[i] = parameters[i]! * (1 - shrink)
  }
}
