import { Tensor } from 'onnxruntime-node'
import { BaseError } from '../../schema/errors.ts'
import { type Adapter, adapterLayout, loraTargets } from '../models/adapter.ts'
import { matrixShape } from '../models/base-weights.ts'
import type { ModelConfig } from '../models/model-config.ts'
import { poolName } from './decode-graph.ts'

interface Pool {
  readonly values: Float32Array<ArrayBuffer>
  readonly shape: readonly [number, number, number]
}

/** The adapters in use, one per row; row 0 stays zero and is the base model. */
export interface AdapterRows {
  /** The pool inputs of the decode graph. */
  readonly feeds: Readonly<Record<string, Tensor>>
  /** Writes an adapter into a row ≥ 1; throws `ADAPTER_INVALID` if its rank is too great. */
  write(row: number, adapter: Adapter): void
}

/** Allocates pools for `rows` adapters of at most `rank`, besides row 0. */
export function createAdapterRows(config: ModelConfig, rows: number, rank: number): AdapterRows {
  const pools = createPools(config, rows + 1, rank)
  return {
    feeds: Object.fromEntries(
      [...pools].map(([name, pool]) => [name, new Tensor('float32', pool.values, pool.shape)]),
    ),
    write(row, adapter) {
      if (adapter.lora.rank > rank) {
        throw new BaseError('ADAPTER_INVALID', {
          facts: { rank: adapter.lora.rank, maxRank: rank },
        })
      }
      writeRow(config, pools, rank, row, adapter)
    },
  }
}

function createPools(config: ModelConfig, rows: number, rank: number): Map<string, Pool> {
  const pools = new Map<string, Pool>()
  for (let layer = 0; layer < config.layerCount; layer++) {
    for (const target of loraTargets) {
      const [outputs, inputs] = matrixShape(config, target)
      for (const [matrix, shape] of [
        ['A', [rows, inputs, rank]],
        ['B', [rows, rank, outputs]],
      ] as const) {
        const values = new Float32Array(shape[0] * shape[1] * shape[2])
        pools.set(poolName(layer, target, matrix), { values, shape })
      }
    }
  }
  return pools
}

/** Stores Aᵀ and (alpha / rank)·Bᵀ; ranks and targets that the adapter lacks stay zero. */
function writeRow(
  config: ModelConfig,
  pools: ReadonlyMap<string, Pool>,
  poolRank: number,
  row: number,
  adapter: Adapter,
): void {
  for (const { values, shape } of pools.values()) {
    const size = shape[1] * shape[2]
    values.fill(0, row * size, (row + 1) * size)
  }
  const scale = adapter.lora.alpha / adapter.lora.rank
  for (const entry of adapterLayout(config, adapter.lora)) {
    const { values, shape } = pools.get(poolName(entry.layer, entry.target, entry.matrix))!
    const start = row * shape[1] * shape[2]
    const [height, width] = entry.shape
    const stride = entry.matrix === 'A' ? poolRank : height
    const factor = entry.matrix === 'A' ? 1 : scale
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        values[start + x * stride + y] = adapter.values[entry.offset + y * width + x]! * factor
      }
    }
  }
}
