import { Tensor } from 'onnxruntime-node'
import { openSession } from '../device/open-session.ts'
import type { Adapter } from '../models/adapter.ts'
import type { BaseModel } from '../models/base-model.ts'
import type { ModelConfig } from '../models/model-config.ts'
import { createAdapterRows } from './adapter-rows.ts'
import { decodeGraph } from './decode-graph.ts'

const hidden = -1e30

export interface DecodeModelOptions {
  readonly model: BaseModel
  /** Sequences that can be cached at the same time. */
  readonly slots: number
  /** Adapters that can be in use at the same time. */
  readonly poolRows: number
  /** Largest rank of an adapter. */
  readonly rank: number
  /** Positions per sequence, prompt and completion together. */
  readonly contextLength: number
  readonly threads: number
}

/** A prompt that enters a free slot. */
export interface PromptRow {
  readonly tokens: readonly number[]
  /** Pool row; 0 is the base model. */
  readonly adapter: number
}

/** The next token of the sequence in a slot. */
export interface TokenRow {
  readonly token: number
  readonly position: number
  readonly adapter: number
}

/**
 * Holds the decode graph, the key and value cache of all slots and the adapter pool.
 *
 * Every call computes on the calling thread; calls must not overlap.
 */
export interface DecodeModel {
  readonly config: ModelConfig
  /** Writes an adapter into a pool row ≥ 1; throws `ADAPTER_INVALID` if its rank is too great. */
  writeAdapter(row: number, adapter: Adapter): void
  /** Caches prompts in the slots from `slot` on; returns [prompts, vocabulary] logits. */
  prefill(slot: number, prompts: readonly PromptRow[]): Promise<Float32Array>
  /** Advances slots 0 to `rows.length` − 1 by one token; returns [rows, vocabulary] logits. */
  step(rows: readonly TokenRow[]): Promise<Float32Array>
  /** Copies the cache of slot `from` over slot `to`. */
  moveSlot(from: number, to: number): void
  close(): Promise<void>
}

type Floats = Float32Array<ArrayBuffer>

interface Cache {
  readonly name: string
  readonly values: Floats
}

/** Opens the decode session and allocates cache and pools. */
export async function openDecodeModel(options: DecodeModelOptions): Promise<DecodeModel> {
  const { model, slots, poolRows, rank, contextLength, threads } = options
  const { config } = model
  const { keyValueHeadCount: keyHeads, headSize, layerCount } = config
  const group = config.headCount / keyHeads
  const graph = decodeGraph(model, { contextLength, rank })
  const session = await openSession(graph, { threads })
  const slotSize = keyHeads * contextLength * headSize
  const layers = Array.from({ length: layerCount }, (_, layer) => layer)
  const caches: readonly Cache[] = layers.flatMap((layer) =>
    ['k', 'v'].map((part) => ({
      name: `${layer}.${part}`,
      values: new Float32Array(slots * slotSize),
    })),
  )
  const adapterRows = createAdapterRows(config, poolRows, rank)
  const noPast = new Float32Array(slots * keyHeads * headSize)
  const past = (values: Floats, batch: number, length: number): Tensor =>
    new Tensor('float32', values.subarray(0, batch * keyHeads * length * headSize), [
      batch,
      keyHeads,
      length,
      headSize,
    ])
  // One visible column at the end: the new token sees itself.
  const maskWidth = contextLength + 1
  const stepMask = new Float32Array(slots * maskWidth)

  const run = async (
    batch: number,
    length: number,
    feeds: Record<string, Tensor>,
    slot: number,
    place: (row: number) => { readonly position: number; readonly count: number },
  ): Promise<Float32Array> => {
    const outputs = await session.run({ ...adapterRows.feeds, ...feeds })
    for (const cache of caches) {
      const fresh = outputs[`new.${cache.name}`]!.data as Floats
      for (let row = 0; row < batch; row++) {
        const { position, count } = place(row)
        for (let head = 0; head < keyHeads; head++) {
          const from = (row * keyHeads + head) * length * headSize
          const to = (slot + row) * slotSize + (head * contextLength + position) * headSize
          cache.values.set(fresh.subarray(from, from + count * headSize), to)
        }
      }
    }
    return outputs['logits']!.data as Float32Array
  }

  return {
    config,
    writeAdapter: adapterRows.write,
    async prefill(slot, prompts) {
      const batch = prompts.length
      const length = Math.max(...prompts.map((prompt) => prompt.tokens.length))
      const tokens = new BigInt64Array(batch * length)
      const positions = new BigInt64Array(batch * length)
      for (const [row, prompt] of prompts.entries()) {
        for (let t = 0; t < length; t++) {
          tokens[row * length + t] = BigInt(prompt.tokens[t] ?? 0)
          positions[row * length + t] = BigInt(t)
        }
        const from = (slot + row) * maskWidth
        stepMask.fill(hidden, from, from + contextLength)
        stepMask.fill(0, from, from + prompt.tokens.length)
      }
      const rows = length === 1 ? 1 : group * length
      const feeds = {
        tokens: new Tensor('int64', tokens, [batch, length]),
        positions: new Tensor('int64', positions, [batch, length]),
        adapters: indices(prompts.map((prompt) => prompt.adapter)),
        last: indices(prompts.map((prompt, row) => row * length + prompt.tokens.length - 1)),
        mask: new Tensor('float32', prefillMask(batch, rows, length), [batch, 1, rows, 1 + length]),
        ...Object.fromEntries(caches.map(({ name }) => [`past.${name}`, past(noPast, batch, 1)])),
      }
      return run(batch, length, feeds, slot, (row) => ({
        position: 0,
        count: prompts[row]!.tokens.length,
      }))
    },
    async step(rows) {
      const batch = rows.length
      const feeds = {
        tokens: indices(
          rows.map((row) => row.token),
          [batch, 1],
        ),
        positions: indices(
          rows.map((row) => row.position),
          [batch, 1],
        ),
        adapters: indices(rows.map((row) => row.adapter)),
        last: indices(rows.map((_, row) => row)),
        mask: new Tensor('float32', stepMask.subarray(0, batch * maskWidth), [
          batch,
          1,
          1,
          maskWidth,
        ]),
        ...Object.fromEntries(
          caches.map(({ name, values }) => [`past.${name}`, past(values, batch, contextLength)]),
        ),
      }
      const logits = await run(batch, 1, feeds, 0, (row) => ({
        position: rows[row]!.position,
        count: 1,
      }))
      for (const [row, { position }] of rows.entries()) stepMask[row * maskWidth + position] = 0
      return logits
    },
    moveSlot(from, to) {
      for (const { values } of caches) {
        values.copyWithin(to * slotSize, from * slotSize, (from + 1) * slotSize)
      }
      stepMask.copyWithin(to * maskWidth, from * maskWidth, (from + 1) * maskWidth)
    },
    close: () => session.release(),
  }
}

const indices = (values: readonly number[], shape: readonly number[] = [values.length]): Tensor =>
  new Tensor('int64', BigInt64Array.from(values, BigInt), shape)

/** Column 0 is the empty past; row (g, t) sees the new positions up to t. */
function prefillMask(batch: number, rows: number, length: number): Floats {
  const width = 1 + length
  const mask = new Float32Array(batch * rows * width).fill(hidden)
  for (let row = 0; row < batch * rows; row++) {
    mask.fill(0, row * width + 1, row * width + 2 + (row % length))
  }
  return mask
}
