import { createHash } from 'node:crypto'
import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ModelConfig } from '../../gpu/models/model-config.ts'
import { writeBaseModel } from '../../gpu/models/write-base-model.ts'
import type { CorpusPart } from '../../gpu/training/draw-batch.ts'
import {
  modelOf,
  type PretrainProgress,
  type PretrainState,
  pretrainBase,
} from '../../gpu/training/pretrain-base.ts'
import type { PretrainRecipe } from '../../gpu/training/pretrain-recipe.ts'
import { loadPretrainState, savePretrainState } from '../../gpu/training/pretrain-state-file.ts'

export interface RunPretrainOptions {
  /** Where the Hugging Face directory and `pretraining.jsonl` go. */
  readonly directory: string
  readonly config: ModelConfig
  readonly recipe: PretrainRecipe
  readonly seed: number
  readonly threads: number
  readonly corpus: readonly CorpusPart[]
  readonly onProgress?: (progress: PretrainProgress) => void
  readonly signal?: AbortSignal
}

const logEvery = 100

const sha256 = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex')

/**
 * Makes a base model from raw text and writes it as a Hugging Face directory with its log.
 *
 * A stopped run goes on where it was last saved (`pretraining.state` in the directory) when it is
 * started again with the same options; other options start anew.
 */
export async function runPretrain(options: RunPretrainOptions): Promise<PretrainState> {
  const { directory, config, recipe, seed, threads, corpus } = options
  const sources = corpus.map(({ records, weight }) => ({
    records: records.length,
    bytes: records.reduce((sum, record) => sum + record.length, 0),
    weight,
    sha256: sha256(Buffer.concat(records)),
  }))
  const run = { config, recipe, seed, threads, corpus: sources }
  const fingerprint = sha256(JSON.stringify(run))
  const statePath = join(directory, 'pretraining.state')
  const logPath = join(directory, 'pretraining.jsonl')
  await mkdir(directory, { recursive: true })
  const state = await loadPretrainState(statePath, fingerprint)
  if (state === undefined) await writeFile(logPath, `${JSON.stringify(run)}\n`)

  let lines = ''
  const flush = async (): Promise<void> => {
    const pending = lines
    lines = ''
    await appendFile(logPath, pending)
  }
  const result = await pretrainBase({
    ...options,
    ...(state === undefined ? {} : { state }),
    onProgress(progress) {
      if (progress.step % logEvery === 0 || progress.step === progress.steps) {
        const { step, loss, learningRate, bytesPerSecond } = progress
        const entry = {
          step,
          loss: Number(loss.toFixed(4)),
          learningRate: Number(learningRate.toPrecision(4)),
          bytesPerSecond: Math.round(bytesPerSecond),
        }
        lines += `${JSON.stringify(entry)}\n`
      }
      options.onProgress?.(progress)
    },
    async onSave(saved) {
      await flush()
      await savePretrainState(statePath, saved, fingerprint)
    },
  })
  await writeBaseModel(directory, modelOf(config, result))
  await rm(statePath, { force: true })
  return result
}
