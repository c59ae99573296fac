/** Settings of a pretraining run besides corpus, sizes and seed. */
export interface PretrainRecipe {
  readonly steps: number
  readonly batch: number
  /** Tokens per window. */
  readonly tokens: number
  readonly learningRate: number
  readonly warmupSteps: number
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  readonly weightDecay: number
  /** Largest gradient norm of a step. */
  readonly clip: number
}

export const defaultPretrainRecipe: PretrainRecipe = {
  steps: 9_000,
  batch: 16,
  tokens: 96,
  learningRate: 2.5e-3,
  warmupSteps: 100,
  beta1: 0.9,
  beta2: 0.98,
  epsilon: 1e-8,
  weightDecay: 0.02,
  clip: 1,
}

/** Gives the learning rate of a step: linear warm-up, cosine to 1e-5. */
export const pretrainRate = (recipe: PretrainRecipe, step: number): number =>
  recipe.learningRate *
    Math.min(1, step / recipe.warmupSteps) *
    (0.5 + 0.5 * Math.cos((Math.PI * step) / recipe.steps)) +
  1e-5
