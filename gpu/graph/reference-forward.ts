import { type Adapter, adapterLayout } from '../models/adapter.ts'
import { type LayerMatrix, matrixName, matrixShape } from '../models/base-weights.ts'
import type { ModelConfig } from '../models/model-config.ts'

type Vector = Float64Array<ArrayBuffer>

/** A model in double precision; adapter values may be perturbed between calls. */
export interface ReferenceModel {
  readonly config: ModelConfig
  readonly weights: ReadonlyMap<string, ArrayLike<number>>
  readonly lora: Adapter['lora']
  readonly adapter: ArrayLike<number>
}

function multiply(matrix: ArrayLike<number>, offset: number, rows: number, x: Vector): Vector {
  const out = new Float64Array(rows)
  for (let row = 0; row < rows; row++) {
    const start = offset + row * x.length
    let sum = 0
    for (let i = 0; i < x.length; i++) sum += matrix[start + i]! * x[i]!
    out[row] = sum
  }
  return out
}

function normalise(x: Vector, gain: ArrayLike<number>, epsilon: number): Vector {
  const meanSquare = x.reduce((sum, value) => sum + value * value, 0) / x.length
  return x.map((value, i) => (value / Math.sqrt(meanSquare + epsilon)) * gain[i]!)
}

function rotate(x: Vector, position: number, headSize: number, theta: number): Vector {
  const half = headSize / 2
  return x.map((value, at) => {
    const i = at % headSize
    const angle = position * theta ** ((-2 * (i % half)) / headSize)
    const partner = i < half ? -x[at + half]! : x[at - half]!
    return value * Math.cos(angle) + partner * Math.sin(angle)
  })
}

const plus = (a: Vector, b: Vector): Vector => a.map((value, i) => value + b[i]!)

/**
 * Computes the logits of every position in float64, one loop per formula.
 *
 * It is the specification that the ONNX graphs are tested against; it is slow on purpose.
 *
 * @returns one vector of vocabularySize numbers per token
 */
export function referenceForward(model: ReferenceModel, tokens: readonly number[]): Vector[] {
  const { config, weights, lora, adapter } = model
  const { headSize, headCount, keyValueHeadCount, hiddenSize } = config
  const places = new Map(adapterLayout(config, lora).map((entry) => [entry.name, entry.offset]))
  const scale = lora.alpha / lora.rank
  const gain = (name: string): ArrayLike<number> => weights.get(name)!

  const linear = (x: Vector, layer: number, matrix: LayerMatrix): Vector => {
    const rows = matrixShape(config, matrix)[0]
    const y = multiply(weights.get(matrixName(layer, matrix))!, 0, rows, x)
    const a = places.get(`layers.${layer}.${matrix}.A`)
    const b = places.get(`layers.${layer}.${matrix}.B`)
    if (a === undefined || b === undefined) return y
    const low = multiply(adapter, a, lora.rank, x)
    const delta = multiply(adapter, b, rows, low)
    return y.map((value, i) => value + scale * delta[i]!)
  }
  const attend = (q: Vector, keys: readonly Vector[], values: readonly Vector[]): Vector => {
    const out = new Float64Array(headCount * headSize)
    for (let head = 0; head < headCount; head++) {
      const from = Math.floor((head * keyValueHeadCount) / headCount) * headSize
      const scores = keys.map((key) => {
        let dot = 0
        for (let i = 0; i < headSize; i++) dot += q[head * headSize + i]! * key[from + i]!
        return dot / Math.sqrt(headSize)
      })
      const top = Math.max(...scores)
      const exponentials = scores.map((score) => Math.exp(score - top))
      const total = exponentials.reduce((sum, value) => sum + value, 0)
      for (const [t, value] of values.entries()) {
        for (let i = 0; i < headSize; i++) {
          out[head * headSize + i]! += (exponentials[t]! / total) * value[from + i]!
        }
      }
    }
    return out
  }

  const table = gain('model.embed_tokens.weight')
  let states = tokens.map((token) =>
    Float64Array.from({ length: hiddenSize }, (_, i) => table[token * hiddenSize + i]!),
  )
  for (let layer = 0; layer < config.layerCount; layer++) {
    const name = `model.layers.${layer}`
    const normed = states.map((x) =>
      normalise(x, gain(`${name}.input_layernorm.weight`), config.normEpsilon),
    )
    const turn = (x: Vector, t: number): Vector => rotate(x, t, headSize, config.ropeTheta)
    const queries = normed.map((x, t) => turn(linear(x, layer, 'q'), t))
    const keys = normed.map((x, t) => turn(linear(x, layer, 'k'), t))
    const values = normed.map((x) => linear(x, layer, 'v'))
    states = states.map((x, t) => {
      const mixed = attend(queries[t]!, keys.slice(0, t + 1), values.slice(0, t + 1))
      const middle = plus(x, linear(mixed, layer, 'o'))
      const inner = normalise(
        middle,
        gain(`${name}.post_attention_layernorm.weight`),
        config.normEpsilon,
      )
      const up = linear(inner, layer, 'up')
      const hidden = linear(inner, layer, 'gate').map((a, i) => (a / (1 + Math.exp(-a))) * up[i]!)
      return plus(middle, linear(hidden, layer, 'down'))
    })
  }
  return states.map((x) => {
    const normed = normalise(x, gain('model.norm.weight'), config.normEpsilon)
    return multiply(table, 0, config.vocabularySize, normed)
  })
}
