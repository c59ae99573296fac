import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ModelConfig } from '../models/model-config.ts'
import type { CorpusPart } from './draw-batch.ts'
import { type PretrainProgress, type PretrainState, pretrainBase } from './pretrain-base.ts'
import { defaultPretrainRecipe } from './pretrain-recipe.ts'
import { loadPretrainState, savePretrainState } from './pretrain-state-file.ts'

const config: ModelConfig = {
  vocabularySize: 128,
  hiddenSize: 16,
  layerCount: 1,
  headCount: 2,
  keyValueHeadCount: 1,
  headSize: 8,
  feedForwardSize: 24,
  maxPositions: 16,
  ropeTheta: 10_000,
  normEpsilon: 1e-5,
}
const recipe = { ...defaultPretrainRecipe, steps: 40, batch: 8, tokens: 12, warmupSteps: 5 }
const records = ['red: 1\n', 'blue: 2\n', 'green: 3\n'].map((text) => Buffer.from(text))
const corpus: readonly CorpusPart[] = [
  { records, weight: 0.7 },
  {
    records: [Buffer.from('the quick brown fox jumps over the lazy dog. '.repeat(4))],
    weight: 0.3,
  },
]
const options = { corpus, config, recipe, seed: 2, threads: 1 }

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pretrain-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

const copy = (state: PretrainState): PretrainState => ({
  ...state,
  weights: state.weights.slice(),
  adam: { ...state.adam, m: state.adam.m.slice(), v: state.adam.v.slice() },
})

describe('pretrainBase', () => {
  it('lowers the loss', async () => {
    const seen: PretrainProgress[] = []
    await pretrainBase({ ...options, onProgress: (progress) => seen.push(progress) })
    expect(seen).toHaveLength(recipe.steps)
    expect(seen.at(-1)!.loss).toBeLessThan(0.95 * seen[0]!.loss)
  })

  it('ends with the same bits when it is stopped, saved, read back and continued', async () => {
    const path = join(folder, 'run.state')
    const abort = new AbortController()
    const stopped = pretrainBase({
      ...options,
      signal: abort.signal,
      onProgress: ({ step }) => step === 11 && abort.abort(new Error('stop')),
      onSave: (state) => savePretrainState(path, state, 'run'),
    })
    await expect(stopped).rejects.toThrow('stop')
    const state = (await loadPretrainState(path, 'run'))!
    expect(state.adam.step).toBe(11)
    const continued = await pretrainBase({ ...options, state })
    const whole = await pretrainBase(options)
    expect(continued).toEqual(whole)
  })

  it('saves every few steps and at the end', async () => {
    const saved: PretrainState[] = []
    await pretrainBase({
      ...options,
      saveEvery: 12,
      onSave: async (state) => {
        saved.push(copy(state))
      },
    })
    expect(saved.map((state) => state.adam.step)).toEqual([12, 24, 36, 40])
    expect(saved[0]!.weights).not.toEqual(saved[1]!.weights)
  })

  it.each([
    ['no parts', []],
    ['a text shorter than a window', [{ records: [Buffer.alloc(12)], weight: 1 }]],
    ['a part without records', [{ records: [], weight: 1 }]],
    ['an empty record', [{ records: [Buffer.from('a'), Buffer.alloc(0)], weight: 1 }]],
    ['a weight of zero', [{ records, weight: 0 }]],
  ])('refuses a corpus with %s', async (_, parts) => {
    await expect(pretrainBase({ ...options, corpus: parts })).rejects.toMatchObject({
      code: 'CORPUS_INVALID',
    })
  })
})

describe('loadPretrainState', () => {
  it('gives nothing when there is no file', async () => {
    expect(await loadPretrainState(join(folder, 'none'), 'run')).toBeUndefined()
  })

  it('refuses the state of another run and a damaged file', async () => {
    const path = join(folder, 'other.state')
    const adam = { m: new Float32Array(2), v: new Float32Array(2), step: 1 }
    await savePretrainState(path, { weights: new Float32Array(2), adam, loss: 1 }, 'a')
    await expect(loadPretrainState(path, 'b')).rejects.toMatchObject({
      code: 'TRAINING_STATE_INVALID',
    })
    await writeFile(path, (await readFile(path)).subarray(0, -1))
    await expect(loadPretrainState(path, 'a')).rejects.toMatchObject({
      code: 'SAFETENSORS_INVALID',
    })
  })
})
