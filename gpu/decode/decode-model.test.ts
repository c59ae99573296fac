import { afterAll, describe, expect, it } from 'vitest'
import { referenceForward } from '../graph/reference-forward.ts'
import type { Adapter } from '../models/adapter.ts'
import { createGradientSession } from '../training/gradient-session.ts'
import { openDecodeModel, type PromptRow } from './decode-model.ts'
import { tinyAdapter, tinyConfig, tinyModel, withoutEffect } from './tiny-model.fixture.ts'

const model = tinyModel()
const adapters = [
  tinyAdapter(1),
  tinyAdapter(2, { rank: 1, alpha: 3, targets: ['q', 'v'] }),
  withoutEffect(tinyAdapter(3)),
]
const decode = await openDecodeModel({
  model,
  slots: 4,
  poolRows: 3,
  rank: 3,
  contextLength: 32,
  threads: 1,
})
for (const [index, adapter] of adapters.entries()) decode.writeAdapter(index + 1, adapter)
afterAll(() => decode.close())

const sequences: readonly (readonly number[])[] = [
  [72, 101, 108, 108, 111],
  [65],
  [32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42],
  [200, 201, 202],
]
const none: Adapter = { lora: { rank: 1, alpha: 1, targets: [] }, values: new Float32Array() }

function expectedLogits(tokens: readonly number[], row: number): ArrayLike<number> {
  const adapter = row === 0 ? none : adapters[row - 1]!
  const all = referenceForward({ ...model, lora: adapter.lora, adapter: adapter.values }, tokens)
  return all.at(-1)!
}

function expectClose(logits: Float32Array, row: number, expected: ArrayLike<number>): void {
  const size = tinyConfig.vocabularySize
  for (let token = 0; token < size; token++) {
    expect(Math.abs(logits[row * size + token]! - expected[token]!)).toBeLessThan(1e-4)
  }
}

describe('a batch with a different adapter in every row', () => {
  it('gives the logits of the float64 forward pass, for prompts and for the tokens after', async () => {
    const prompts: PromptRow[] = sequences.map((tokens, row) => ({ tokens, adapter: row }))
    const first = await decode.prefill(0, prompts)
    for (const [row, tokens] of sequences.entries()) {
      expectClose(first, row, expectedLogits(tokens, row))
    }
    const grown = sequences.map((tokens) => [...tokens])
    for (const next of [7, 99, 250]) {
      const logits = await decode.step(
        grown.map((tokens, row) => ({ token: next + row, position: tokens.length, adapter: row })),
      )
      for (const [row, tokens] of grown.entries()) {
        tokens.push(next + row)
        expectClose(logits, row, expectedLogits(tokens, row))
      }
    }
  })

  it('goes on where it was after the cache moves to another slot', async () => {
    await decode.prefill(
      0,
      sequences.map((tokens, row) => ({ tokens, adapter: row })),
    )
    decode.moveSlot(3, 0)
    const [logits, expected] = [
      await decode.step([{ token: 5, position: 3, adapter: 3 }]),
      expectedLogits([...sequences[3]!, 5], 3),
    ]
    expectClose(logits, 0, expected)
  })

  it('ignores what an earlier sequence left in the slot', async () => {
    await decode.prefill(0, [{ tokens: sequences[2]!, adapter: 1 }])
    await decode.prefill(0, [{ tokens: [65], adapter: 2 }])
    const logits = await decode.step([{ token: 66, position: 1, adapter: 2 }])
    expectClose(logits, 0, expectedLogits([65, 66], 2))
  })
})

it('gives base logits for row 0 and for an adapter whose B is zero', async () => {
  const tokens = sequences[2]!
  const logits = await decode.prefill(0, [
    { tokens, adapter: 0 },
    { tokens, adapter: 3 },
  ])
  const size = tinyConfig.vocabularySize
  expect(logits.subarray(0, size)).toEqual(logits.subarray(size))
})

it('leaves nothing of the adapter that a row held before', async () => {
  decode.writeAdapter(3, tinyAdapter(9))
  decode.writeAdapter(3, adapters[1]!)
  const logits = await decode.prefill(0, [{ tokens: [1, 2], adapter: 3 }])
  expectClose(logits, 0, expectedLogits([1, 2], 2))
  decode.writeAdapter(3, adapters[2]!)
})

it('refuses an adapter of too great a rank', () => {
  const adapter = tinyAdapter(1, { rank: 4, alpha: 4, targets: ['q'] })
  expect(() => decode.writeAdapter(1, adapter)).toThrow(
    expect.objectContaining({ code: 'ADAPTER_INVALID' }),
  )
})

it('gives the probabilities that training sees in the gradient graph', async () => {
  const adapter = adapters[0]!
  const { lora } = adapter
  await using session = createGradientSession({ model, lora, buckets: [16], batch: 3, threads: 1 })
  const tokens = Uint8Array.from(sequences[2]!)
  const lossMask = tokens.map((_, t) => (t === tokens.length - 1 ? 1 : 0))
  const answers = [3, 77, 255]
  const examples = answers.map((answer) => ({
    tokens,
    targets: Uint8Array.from([...tokens.subarray(1), answer]),
    lossMask,
  }))
  const expected = await session.logLikelihood(examples, adapter)
  const logits = await decode.prefill(0, [{ tokens: sequences[2]!, adapter: 1 }])
  const logSum = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0))
  for (const [index, answer] of answers.entries()) {
    expect(Math.abs(logits[answer]! - logSum - expected[index]!)).toBeLessThan(1e-4)
  }
})
