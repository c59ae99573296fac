import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BaseModel } from '../models/base-model.ts'
import { readBaseModel } from '../models/read-base-model.ts'
import { createGradientSession, type GradientSession } from './gradient-session.ts'
import { emptySlot } from './plan-batches.ts'
import {
  tinyBuckets as buckets,
  tinyModelDirectory as directory,
  tinyLora as lora,
  tinyRecipe as recipe,
  tinyRows as rows,
} from './tiny-training.fixture.ts'
import { trainLora } from './train-lora.ts'

let model: BaseModel
let session: GradientSession

beforeAll(async () => {
  model = await readBaseModel(directory)
  session = createGradientSession({ model, lora, buckets, threads: 1 })
})

afterAll(async () => {
  await session.close()
})

describe('trainLora', () => {
  it('raises the likelihood of its rows and lowers the logged loss', async () => {
    const untrained = { lora, values: new Float32Array(session.size) }
    const before = await session.logLikelihood(rows, untrained)
    const { adapter, log } = await trainLora({ session, rows, recipe, seed: 1 })
    const after = await session.logLikelihood(rows, adapter)
    for (const [row, value] of after.entries()) expect(value).toBeGreaterThan(before[row]!)
    expect(log.at(-1)!.loss).toBeLessThan(log[0]!.loss / 2)
  })

  it('gives the same bits for the same seed and others for another seed', async () => {
    const first = await trainLora({ session, rows, recipe, seed: 3 })
    const second = await trainLora({ session, rows, recipe, seed: 3 })
    const other = await trainLora({ session, rows, recipe, seed: 4 })
    expect(second).toEqual(first)
    expect(other.adapter.values).not.toEqual(first.adapter.values)
  })

  it('uses every row once per epoch', async () => {
    const { dataOrder, log } = await trainLora({ session, rows, recipe, seed: 5 })
    const counts = new Map<number, number>()
    for (const row of dataOrder) counts.set(row, (counts.get(row) ?? 0) + 1)
    counts.delete(emptySlot)
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual(rows.map((_, row) => row))
    expect(new Set(counts.values())).toEqual(new Set([recipe.epochs]))
    expect(dataOrder.length).toBe(log.length * recipe.batch)
  })

  it('keeps a copy of the adapter at each fraction of the steps', async () => {
    const { checkpoints, log, adapter } = await trainLora({ session, rows, recipe, seed: 5 })
    expect(checkpoints.map(({ fraction }) => fraction)).toEqual([0.05, 0.1, 0.2, 0.4])
    expect(checkpoints.map(({ step }) => step)).toEqual(
      [0.05, 0.1, 0.2, 0.4].map((fraction) => Math.round(fraction * log.length)),
    )
    const vectors = [...checkpoints.map((c) => c.adapter.values), adapter.values]
    for (const [index, values] of vectors.slice(1).entries()) {
      expect(values).not.toEqual(vectors[index])
    }
  })

  it('stops before the next step when the signal aborts', async () => {
    const abort = new AbortController()
    const seen: number[] = []
    const training = trainLora({
      session,
      rows,
      recipe,
      seed: 1,
      signal: abort.signal,
      onProgress({ step }) {
        seen.push(step)
        if (step === 2) abort.abort(new Error('enough'))
      },
    })
    await expect(training).rejects.toThrow('enough')
    expect(seen).toEqual([1, 2])
  })

  it('refuses to train on no rows', async () => {
    await expect(trainLora({ session, rows: [], recipe, seed: 1 })).rejects.toMatchObject({
      code: 'TEXT_INVALID',
    })
  })

  it('reports a loss that is not finite', async () => {
    const wild = { ...recipe, learningRate: 1e30 }
    await expect(trainLora({ session, rows, recipe: wild, seed: 1 })).rejects.toMatchObject({
      code: 'TRAINING_DIVERGED',
    })
  })
})
