import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import type { RowVault } from '../../artifacts/row-vault.ts'
import { bundledLora, lengthBuckets } from '../../gpu/models/bundled-base.ts'
import { readBaseModel } from '../../gpu/models/read-base-model.ts'
import { encodeAdapter } from '../../gpu/models/write-adapter.ts'
import { defaultLoraRecipe, type LoraRecipe } from '../../gpu/training/lora-recipe.ts'
import { tokenizeRow } from '../../gpu/training/tokenize-row.ts'
import { trainInWorker } from '../../gpu/training/train-in-worker.ts'
import type { TrainingProgress } from '../../gpu/training/train-lora.ts'
import { canonicalJson } from '../../schema/codec/canonical-json.ts'
import { buildMerkleTree } from '../../schema/codec/merkle-tree.ts'
import { sha256 } from '../../schema/codec/sha256.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { DatasetManifest, TrainingRunManifest } from '../../schema/manifests/training-run.ts'
import type { AcceptedContribution } from './read-accepted-contributions.ts'

export interface TrainedModel {
  readonly manifest: TrainingRunManifest
  /** sha256 of the manifest artifact. */
  readonly artefactHash: Hex
  readonly rows: number
  /** Tokens the training went through, padding not counted. */
  readonly tokens: number
  readonly finalLoss: number
}

/**
 * Trains an adapter on accepted contributions and stores everything that makes the run repeatable.
 *
 * Rows keep the order of contributions and indices; erased rows and rows longer than the context
 * are left out, and the dataset manifest says which were in.
 *
 * @throws as `trainInWorker`; `ROWS_MISSING` when the vault lacks a contribution.
 */
export async function trainModel(options: {
  name: string
  baseModelDir: string
  contributions: readonly AcceptedContribution[]
  artifacts: ArtifactStore
  rowVault: RowVault
  seed: number
  recipe?: LoraRecipe
  onProgress?: (progress: TrainingProgress) => void
  signal?: AbortSignal
}): Promise<TrainedModel> {
  const recipe = options.recipe ?? defaultLoraRecipe
  const { artifacts } = options
  const maxTokens = lengthBuckets.at(-1) ?? 0
  const used: DatasetManifest['contributions'][number][] = []
  const examples = []
  for (const contribution of options.contributions) {
    const { rows } = await options.rowVault.get(contribution.dataHash)
    const indices: number[] = []
    for (const [index, salted] of rows.entries()) {
      if (salted === null || !fits(salted.row, maxTokens)) continue
      examples.push(tokenizeRow(salted.row.question, salted.row.answer, maxTokens))
      indices.push(index)
    }
    used.push({ contributionId: contribution.id, root: contribution.root, rows: indices })
  }
  const training = await trainInWorker({
    modelDirectory: options.baseModelDir,
    lora: bundledLora,
    buckets: lengthBuckets,
    threads: 1,
    rows: examples,
    recipe,
    seed: options.seed,
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  })
  const { config } = await readBaseModel(options.baseModelDir)
  const put = (value: Parameters<typeof canonicalJson>[0]) =>
    artifacts.put(Buffer.from(canonicalJson(value)))
  const files = encodeAdapter(training.adapter, config, 'provenant-base')
  const checkpoints: { step: number; permille: number; hash: Hex }[] = []
  for (const { step, fraction, adapter } of training.checkpoints) {
    const weights = encodeAdapter(adapter, config, 'provenant-base')['adapter_model.safetensors']
    checkpoints.push({
      step,
      permille: Math.round(fraction * 1000),
      hash: await artifacts.put(weights),
    })
  }
  const log = training.log.map((entry) => `${JSON.stringify(entry)}\n`).join('')
  const manifest: TrainingRunManifest = {
    kind: 'training-run',
    version: 1,
    baseModelHash: sha256(await readFile(join(options.baseModelDir, 'model.safetensors'))),
    model: options.name,
    adapter: {
      'adapter_config.json': await artifacts.put(files['adapter_config.json']),
      'adapter_model.safetensors': await artifacts.put(files['adapter_model.safetensors']),
    },
    checkpoints,
    configHash: await put(describeRecipe(recipe, options.seed)),
    datasetHash: await put({ kind: 'dataset', version: 1, contributions: used } as never),
    datasetRoot: buildMerkleTree(used.map(({ root }) => root)).root,
    dataOrderHash: await artifacts.put(new Uint8Array(training.dataOrder.buffer)),
    logHash: await artifacts.put(Buffer.from(log)),
  }
  return {
    manifest,
    artefactHash: await put(manifest as never),
    rows: examples.length,
    tokens: recipe.epochs * examples.reduce((sum, { tokens }) => sum + tokens.length, 0),
    finalLoss: training.log.at(-1)?.loss ?? 0,
  }
}

/** Canonical JSON holds no fractions, so rates are written in billionths. */
function describeRecipe(recipe: LoraRecipe, seed: number) {
  const nano = (value: number) => Math.round(value * 1e9)
  return {
    kind: 'training-config',
    version: 1,
    seed,
    rank: bundledLora.rank,
    alpha: bundledLora.alpha,
    targets: [...bundledLora.targets],
    buckets: [...lengthBuckets],
    epochs: recipe.epochs,
    batch: recipe.batch,
    lossTokens: recipe.lossTokens,
    learningRateNano: nano(recipe.learningRate),
    warmupNano: nano(recipe.warmup),
    finalRateNano: nano(recipe.finalRate),
    beta1Nano: nano(recipe.beta1),
    beta2Nano: nano(recipe.beta2),
    epsilonNano: nano(recipe.epsilon),
    checkpointsNano: recipe.checkpoints.map(nano),
  }
}

const fits = (row: { question: string; answer: string }, maxTokens: number): boolean =>
  Buffer.byteLength(`${row.question} ${row.answer}\n`) <= maxTokens + 1
