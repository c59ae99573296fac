/** Settings of a LoRA training run; everything that the result depends on besides rows and seed. */
export interface LoraRecipe {
  readonly epochs: number
  readonly batch: number
  readonly learningRate: number
  /** Share of the steps in which the rate rises linearly from 0. */
  readonly warmup: number
  /** Rate at the last step, as a share of `learningRate`; falls linearly. */
  readonly finalRate: number
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  /**
   * The loss of a step is Σ nll of answer tokens / (batch · lossTokens). A constant, because
   * Adam's epsilon is not scale-free.
   */
  readonly lossTokens: number
  /** Shares of the steps after which a copy of the adapter is kept. */
  readonly checkpoints: readonly number[]
}

/**
 * Fast enough that a small adapter gives right answers after six passes; a lower rate with a large
 * epsilon attributes a little better and answers far worse (`docs/decisions/0004-base-model.md`).
 */
export const defaultLoraRecipe: LoraRecipe = {
  epochs: 6,
  batch: 32,
  learningRate: 8e-3,
  warmup: 0.05,
  finalRate: 0.1,
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-8,
  lossTokens: 16,
  checkpoints: [0.05, 0.1, 0.2, 0.4],
}
