import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { adapterLayout, adapterSize } from '../models/adapter.ts'
import { baseLayout } from '../models/base-weights.ts'
import type { ModelConfig } from '../models/model-config.ts'
import { initialWeights } from '../training/initial-weights.ts'
import { createSeededRandom } from '../training/seeded-random.ts'
import { emitGradientGraph } from './emit-gradient-graph.ts'
import type { GradientMode } from './gradient-context.ts'
import { referenceForward } from './reference-forward.ts'

const config: ModelConfig = {
  vocabularySize: 40,
  hiddenSize: 24,
  layerCount: 2,
  headCount: 4,
  keyValueHeadCount: 2,
  headSize: 6,
  feedForwardSize: 32,
  maxPositions: 16,
  ropeTheta: 10_000,
  normEpsilon: 1e-5,
}
const lora = { rank: 3, alpha: 6, targets: ['q', 'k', 'v', 'o'] } as const
const batch = 3
const width = 8

function noise(length: number, scale: number, seed: number): Float32Array<ArrayBuffer> {
  const random = createSeededRandom(seed)
  return Float32Array.from({ length }, () => (2 * random.next() - 1) * scale)
}

const flatWeights = initialWeights(config, 5)
// Gains other than 1, so that a gain left out of a formula shows.
for (const { shape, offset, length } of baseLayout(config)) {
  if (shape.length > 1) continue
  const change = noise(length, 0.3, offset)
  for (let i = 0; i < length; i++) flatWeights[offset + i]! += change[i]!
}
const weights = new Map(
  baseLayout(config).map(({ name, offset, length }) => [
    name,
    flatWeights.subarray(offset, offset + length),
  ]),
)
const adapter = noise(adapterSize(config, lora), 0.4, 9)
const random = createSeededRandom(3)
const rows = Array.from({ length: batch }, () =>
  Array.from({ length: width + 1 }, () => random.below(config.vocabularySize)),
)
/** The third row is padded: its last three positions do not count. */
const lossWeights = rows.map((_, row) =>
  Array.from({ length: width }, (_, t) => (t < 2 || (row === 2 && t > 4) ? 0 : 0.25)),
)

async function run(
  mode: GradientMode,
  rowsOfTokens = rows,
  model = { weights: flatWeights, adapter },
): Promise<{ loss: Float32Array; grads: Float32Array }> {
  const graph = emitGradientGraph(config, { batch, tokens: width, mode, weights, lora })
  const session = await InferenceSession.create(graph.bytes, { intraOpNumThreads: 2 })
  const ids = (from: number) =>
    BigInt64Array.from(
      rowsOfTokens.flatMap((row) => row.slice(from, from + width)),
      BigInt,
    )
  const trained = mode === 'full' ? model.weights : model.adapter
  const outputs = await session.run({
    tokens: new Tensor('int64', ids(0), [batch, width]),
    targets: new Tensor('int64', ids(1), [batch, width]),
    lossw: new Tensor('float32', Float32Array.from(lossWeights.flat()), [batch, width]),
    ...Object.fromEntries(
      graph.layout.map(({ name, shape, offset, length }) => [
        name,
        new Tensor('float32', trained.subarray(offset, offset + length), shape),
      ]),
    ),
  })
  await session.release()
  return {
    loss: outputs['loss']!.data as Float32Array,
    grads: (outputs['grads']?.data ?? new Float32Array()) as Float32Array,
  }
}

/** Weighted −log p of one row in float64. */
function referenceLoss(
  row: number,
  values: ArrayLike<number>,
  base: ReadonlyMap<string, ArrayLike<number>> = weights,
  withAdapter = true,
): number {
  const used = withAdapter ? lora : { ...lora, targets: [] }
  const model = { config, weights: base, lora: used, adapter: values }
  const logits = referenceForward(model, rows[row]!.slice(0, width))
  return logits.reduce((sum, vector, t) => {
    const top = Math.max(...vector)
    const total = vector.reduce((acc, value) => acc + Math.exp(value - top), 0)
    const nll = Math.log(total) + top - vector[rows[row]![t + 1]!]!
    return sum + nll * lossWeights[row]![t]!
  }, 0)
}

/** Relative error above the rounding of f32 sums of order 1. */
const relative = (a: number, b: number): number =>
  Math.max(0, Math.abs(a - b) - 2e-7) / (Math.abs(b) + 1e-12)

describe('emitGradientGraph', () => {
  it('computes the loss of the float64 reference', async () => {
    const { loss } = await run('forward')
    for (let row = 0; row < batch; row++) {
      expect(relative(loss[row]!, referenceLoss(row, adapter))).toBeLessThan(1e-5)
    }
  })

  it('computes adapter gradients that agree with float64 central differences', async () => {
    const { grads } = await run('perexample')
    const size = adapterSize(config, lora)
    const values = Float64Array.from(adapter)
    const step = 1e-5
    for (const { offset, length } of adapterLayout(config, lora)) {
      for (const index of [offset, offset + Math.floor(length / 3), offset + length - 1]) {
        for (const row of [0, 2]) {
          const kept = values[index]!
          values[index] = kept + step
          const above = referenceLoss(row, values)
          values[index] = kept - step
          const below = referenceLoss(row, values)
          values[index] = kept
          const numeric = (above - below) / (2 * step)
          expect(relative(grads[row * size + index]!, numeric)).toBeLessThan(1e-4)
        }
      }
    }
  })

  it('computes gradients of every base weight that agree with float64 central differences', async () => {
    const { grads } = await run('full')
    const flat = Float64Array.from(flatWeights)
    const base = new Map(
      baseLayout(config).map(({ name, offset, length }) => [
        name,
        flat.subarray(offset, offset + length),
      ]),
    )
    const total = () =>
      rows.reduce((sum, _, row) => sum + referenceLoss(row, new Float64Array(), base, false), 0)
    const step = 1e-5
    for (const { offset, length } of baseLayout(config)) {
      let largest = offset
      for (let i = offset; i < offset + length; i++) {
        if (Math.abs(grads[i]!) > Math.abs(grads[largest]!)) largest = i
      }
      for (const index of [largest, offset + Math.floor(length / 2)]) {
        const kept = flat[index]!
        flat[index] = kept + step
        const above = total()
        flat[index] = kept - step
        const below = total()
        flat[index] = kept
        expect(relative(grads[index]!, (above - below) / (2 * step))).toBeLessThan(1e-4)
      }
    }
  })

  it('sums per-example gradients in mode sum', async () => {
    const [single, summed] = [await run('perexample'), await run('sum')]
    const size = adapterSize(config, lora)
    for (let i = 0; i < size; i++) {
      const expected = single.grads[i]! + single.grads[size + i]! + single.grads[2 * size + i]!
      expect(Math.abs(summed.grads[i]! - expected)).toBeLessThan(2e-6)
    }
  })

  it('gives a row the same bits whatever the other rows of the batch are', async () => {
    const size = adapterSize(config, lora)
    const changed = [rows[0]!, rows[1]!.map((token) => (token * 7 + 1) % 40), rows[0]!]
    const before = await run('perexample')
    const after = await run('perexample', changed)
    expect(after.grads.slice(0, size)).toEqual(before.grads.slice(0, size))
    expect(after.grads.slice(2 * size)).not.toEqual(before.grads.slice(2 * size))
    expect(after.loss[0]).toBe(before.loss[0])
  })

  it('ignores what stands in padded positions', async () => {
    const size = adapterSize(config, lora)
    const padded = [rows[0]!, rows[1]!, rows[2]!.map((token, t) => (t > 5 ? 39 - token : token))]
    const before = await run('perexample')
    const after = await run('perexample', padded)
    expect(after.grads.slice(2 * size)).toEqual(before.grads.slice(2 * size))
  })
})
