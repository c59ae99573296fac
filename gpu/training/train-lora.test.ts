import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BaseModel } from '../models/base-model.ts'
import { readBaseModel } from '../models/read-base-model.ts'
import { createGradientSession, type GradientSession } from './gradient-session.ts'
import { defaultLoraRecipe, type LoraRecipe } from './lora-recipe.ts'
import { emptySlot } from './plan-batches.ts'
import type { TokenizedExample } from './tokenized-example.ts'
import { trainInWorker } from './train-in-worker.ts'
import { type TrainingProgress, trainLora } from './train-lora.ts'

const directory = fileURLToPath(new URL('../graph/fixtures/tiny-llama/base', import.meta.url))
const lora = { rank: 4, alpha: 8, targets: ['q', 'k', 'v', 'o'] } as const
const buckets = [8, 16]
const recipe: LoraRecipe = {
  ...defaultLoraRecipe,
  epochs: 10,
  batch: 4,
  learningRate: 2e-2,
  lossTokens: 4,
}

/** Rows whose answer repeats the first token; vocabulary 64. */
const rows = Array.from({ length: 10 }, (_, row): TokenizedExample => {
  const length = row % 3 === 0 ? 12 : 7
  const text = Array.from({ length: length + 1 }, (_, t) => (t < 4 ? row + 1 + t * 11 : row + 1))
  return {
    tokens: Uint8Array.from(text.slice(0, -1)),
    targets: Uint8Array.from(text.slice(1)),
    lossMask: Uint8Array.from({ length }, (_, t) => (t >= 3 ? 1 : 0)),
  }
})

let model: BaseModel
let session: GradientSession

beforeAll(async () => {
  model = await readBaseModel(directory)
  session = createGradientSession({ model, lora, buckets, batch: 4, threads: 1 })
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

describe('trainInWorker', () => {
  const job = { modelDirectory: directory, lora, buckets, threads: 1, rows, recipe, seed: 3 }

  it('gives the adapter of the same training on the main thread, with progress', async () => {
    const seen: TrainingProgress[] = []
    const onProgress = (progress: TrainingProgress) => seen.push(progress)
    const inWorker = await trainInWorker({ ...job, onProgress, progressInterval: 0 })
    const here = await trainLora({ session, rows, recipe, seed: 3 })
    expect(inWorker).toEqual(here)
    expect(seen.map(({ step }) => step)).toEqual(here.log.map(({ step }) => step))
    expect(seen.at(-1)!.secondsLeft).toBe(0)
  })

  it('passes coded errors on', async () => {
    await expect(
      trainInWorker({ ...job, modelDirectory: `${directory}-missing` }),
    ).rejects.toMatchObject({ code: 'MODEL_INVALID', facts: { file: 'config.json' } })
  })

  it('stops when the signal aborts', async () => {
    const abort = new AbortController()
    const training = trainInWorker({
      ...job,
      recipe: { ...recipe, epochs: 10_000 },
      signal: abort.signal,
      onProgress: () => abort.abort(new Error('enough')),
    })
    await expect(training).rejects.toThrow('enough')
  })
})
