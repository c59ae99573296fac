import { describe, expect, it } from 'vitest'
import { readBaseModel } from '../models/read-base-model.ts'
import { createGradientSession } from './gradient-session.ts'
import {
  tinyBuckets as buckets,
  tinyModelDirectory as directory,
  tinyLora as lora,
  tinyRecipe as recipe,
  tinyRows as rows,
} from './tiny-training.fixture.ts'
import { trainInWorker } from './train-in-worker.ts'
import { type TrainingProgress, trainLora } from './train-lora.ts'

describe('trainInWorker', () => {
  const job = { modelDirectory: directory, lora, buckets, threads: 1, rows, recipe, seed: 3 }

  it('gives the adapter of the same training on the main thread, with progress', async () => {
    const seen: TrainingProgress[] = []
    const onProgress = (progress: TrainingProgress) => seen.push(progress)
    const inWorker = await trainInWorker({ ...job, onProgress, progressInterval: 0 })
    const model = await readBaseModel(directory)
    await using session = createGradientSession({ model, lora, buckets, threads: 1 })
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
