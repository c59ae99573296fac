import { expect, test } from 'vitest'
import { referenceScores } from '../../gpu/scores/reference-scores.ts'
import { createSeededRandom, shuffled } from '../../gpu/training/seeded-random.ts'
import { conditionQueries } from './condition-queries.ts'
import { directPreconditioner } from './direct-preconditioner.fixture.ts'
import { normalNumbers, quantiseRows } from './random-rows.fixture.ts'

const classes = 4
const features = 12
const rowCount = 90
const queryCount = 24
const subsets = 32
const width = classes * features

interface Example {
  readonly x: Float64Array
  readonly label: number
}

/** Noisy points around one centre per class, with correlated features of unequal size. */
function drawExamples(count: number, seed: number): readonly Example[] {
  const centres = normalNumbers(classes * features, 1)
  const noise = normalNumbers(count * features, seed)
  return Array.from({ length: count }, (_, i) => {
    const label = i % classes
    const shared = noise[i * features]!
    const x = Float64Array.from({ length: features }, (_, j) => {
      const scale = 0.3 + (2 * j) / features
      return (
        centres[label * features + j]! * 0.6 + scale * (noise[i * features + j]! + shared) * 0.6
      )
    })
    return { x, label }
  })
}

function probabilities(weights: Float64Array, x: Float64Array): Float64Array {
  const logits = Float64Array.from({ length: classes }, (_, c) => {
    let sum = 0
    for (let j = 0; j < features; j++) sum += weights[c * features + j]! * x[j]!
    return sum
  })
  const top = Math.max(...logits)
  const exps = logits.map((logit) => Math.exp(logit - top))
  const total = exps.reduce((sum, value) => sum + value, 0)
  return exps.map((value) => value / total)
}

/** Gradient of −log p(label) over the weights. */
function gradient(weights: Float64Array, { x, label }: Example): Float64Array {
  const p = probabilities(weights, x)
  return Float64Array.from({ length: width }, (_, i) => {
    const c = Math.floor(i / features)
    return (p[c]! - (c === label ? 1 : 0)) * x[i % features]!
  })
}

function train(examples: readonly Example[]): Float64Array {
  const weights = new Float64Array(width)
  for (let step = 0; step < 50; step++) {
    const sum = weights.map((weight) => 0.02 * weight)
    for (const example of examples) {
      gradient(weights, example).forEach((g, i) => {
        sum[i]! += g / examples.length
      })
    }
    weights.forEach((weight, i) => {
      weights[i] = weight - 0.8 * sum[i]!
    })
  }
  return weights
}

const ranks = (values: readonly number[]) => {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!)
  const result = new Array<number>(values.length)
  order.forEach((i, rank) => {
    result[i] = rank
  })
  return result
}

function spearman(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [ranks(a), ranks(b)]
  const squares = x.reduce((sum, rank, i) => sum + (rank - y[i]!) ** 2, 0)
  return 1 - (6 * squares) / (a.length * (a.length ** 2 - 1))
}

test('damped Fisher predicts retraining better than gradient dot products', {
  timeout: 30_000,
}, async () => {
  const rows = drawExamples(rowCount, 2)
  const queries = drawExamples(queryCount, 3)
  const weights = train(rows)
  const stack = (examples: readonly Example[]) => {
    const values = new Float64Array(examples.length * width)
    examples.forEach((example, i) => {
      values.set(gradient(weights, example), i * width)
    })
    return quantiseRows(values, width)
  }
  const codes = stack(rows)
  const raw = stack(queries)
  const backend = referenceScores()
  const preconditioner = await directPreconditioner(codes, width, backend)
  const conditioned = await conditionQueries(raw, preconditioner, backend)
  const shape = { queryCount, rowCount, width }
  const methods = {
    fisher: await backend.score(conditioned, codes, shape),
    dot: await backend.score(raw, codes, shape),
  }
  const random = createSeededRandom(9)
  const draws = Array.from({ length: subsets }, () =>
    shuffled([...rows.keys()], random).slice(0, rowCount / 2),
  )
  const models = draws.map((draw) => train(draw.map((row) => rows[row]!)))
  const ldsOf = (scores: Int32Array) => {
    let sum = 0
    queries.forEach(({ x, label }, query) => {
      const truth = models.map((model) => Math.log(probabilities(model, x)[label]!))
      const predicted = draws.map((draw) =>
        draw.reduce((total, row) => total + scores[query * rowCount + row]!, 0),
      )
      sum += spearman(truth, predicted)
    })
    return sum / queryCount
  }
  const fisher = ldsOf(methods.fisher)
  const dot = ldsOf(methods.dot)
  expect(fisher).toBeGreaterThan(0.6)
  expect(fisher - dot).toBeGreaterThan(0.1)
})
