import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bundledBaseDirectory } from '../../gpu/models/bundled-base.ts'
import { readBaseModel } from '../../gpu/models/read-base-model.ts'
import { defaultPretrainRecipe } from '../../gpu/training/pretrain-recipe.ts'
import { readCorpus } from './corpus.ts'
import { runPretrain } from './run-pretrain.ts'

describe('readCorpus', () => {
  it('reads the text that the bundled base model was made from', async () => {
    const log = await readFile(join(bundledBaseDirectory, 'pretraining.jsonl'), 'utf8')
    const run = JSON.parse(log.slice(0, log.indexOf('\n')))
    const hashes = (await readCorpus()).map(({ records }) =>
      createHash('sha256').update(Buffer.concat(records)).digest('hex'),
    )
    // The NatSpec cards, part 1, follow the wording of the demo's rows and may be newer.
    for (const part of [0, 2, 3]) expect(hashes[part]).toBe(run.corpus[part].sha256)
  })

  it('holds printable ASCII and newlines only, and a line per card', async () => {
    const [chains, natspec, ...raw] = await readCorpus()
    for (const { records } of [chains!, natspec!]) {
      for (const card of records)
        expect(Buffer.from(card).toString('latin1')).toMatch(/^[^\n].*\n$/s)
    }
    for (const { records } of raw) {
      expect(records).toHaveLength(1)
      expect(records[0]!.some((byte) => byte !== 10 && (byte < 0x20 || byte > 0x7e))).toBe(false)
    }
    const cards = chains!.records.map((card) => Buffer.from(card).toString('latin1'))
    expect(cards.some((card) => /^Ethereum \{.*id: 1\b/.test(card))).toBe(true)
  })
})

describe('runPretrain', () => {
  it('writes a model directory and its log, and goes on where it was stopped', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'pretrain-'))
    const records = ['a: 1\n', 'b: 2\n'].map((text) => Buffer.from(text))
    const { config: bundled } = await readBaseModel(bundledBaseDirectory)
    const options = {
      directory,
      config: {
        ...bundled,
        hiddenSize: 16,
        headCount: 2,
        keyValueHeadCount: 1,
        headSize: 8,
        feedForwardSize: 24,
      },
      recipe: { ...defaultPretrainRecipe, steps: 6, batch: 2, tokens: 8 },
      seed: 1,
      threads: 1,
      corpus: [{ records, weight: 1 }],
    }
    const abort = new AbortController()
    const stopped = runPretrain({
      ...options,
      signal: abort.signal,
      onProgress: ({ step }) => step === 4 && abort.abort(new Error('stop')),
    })
    await expect(stopped).rejects.toThrow('stop')
    const steps: number[] = []
    await runPretrain({ ...options, onProgress: ({ step }) => steps.push(step) })
    expect(steps).toEqual([5, 6])
    expect((await readBaseModel(directory)).config).toEqual(options.config)
    const log = (await readFile(join(directory, 'pretraining.jsonl'), 'utf8')).trim().split('\n')
    expect(log.map((line) => JSON.parse(line).step)).toEqual([undefined, 6])
    await rm(directory, { recursive: true })
  })
})
