import { bundledBaseDirectory } from '../../gpu/models/bundled-base.ts'
import { defaultLoraRecipe } from '../../gpu/training/lora-recipe.ts'
import type { TrainingProgress } from '../../gpu/training/train-lora.ts'
import type { Stack } from '../stack/start-stack.ts'
import { defaultTerms } from '../training/default-terms.ts'
import { loadAdapter } from '../training/load-adapter.ts'
import { type PublishedModel, publishModel } from '../training/publish-model.ts'
import { readAcceptedContributions } from '../training/read-accepted-contributions.ts'
import { type TrainedModel, trainModel } from '../training/train-model.ts'
import type { DemoAccounts } from './demo-accounts.ts'
import type { UploadedDatanet } from './upload-datanets.ts'

export interface DemoModel {
  readonly name: string
  readonly datanet: string
  readonly trained: TrainedModel
  readonly published: PublishedModel
}

/** Fine-tunes one adapter per Datanet side by side, records the runs and loads the adapters. */
export async function trainAdapters(options: {
  stack: Stack
  accounts: DemoAccounts
  uploaded: readonly UploadedDatanet[]
  seed: number
  dir: string
  /** Passes over the rows; the recipe's own number by default. */
  epochs?: number
  signal: AbortSignal
  onProgress: (model: string, progress: TrainingProgress) => void
}): Promise<readonly DemoModel[]> {
  const { stack, accounts, signal } = options
  const { chain } = stack.services
  const trained = await Promise.all(
    options.uploaded.map(async ({ datanetId, source }) => {
      const name = `${source.name}-lm`
      const contributions = await readAcceptedContributions(chain, stack.deployment, [datanetId])
      return {
        ...{ name, datanetId, datanet: source.name },
        trained: await trainModel({
          ...{ name, contributions, signal, seed: options.seed },
          ...{ baseModelDir: bundledBaseDirectory },
          recipe: { ...defaultLoraRecipe, epochs: options.epochs ?? defaultLoraRecipe.epochs },
          ...{ artifacts: stack.artifacts, rowVault: stack.rowVault },
          onProgress: (progress) => options.onProgress(name, progress),
        }),
      }
    }),
  )
  const models: DemoModel[] = []
  for (const { name, datanetId, datanet, trained: run } of trained) {
    const published = await publishModel({
      ...{ chain, deployment: stack.deployment, name, trained: run, terms: defaultTerms },
      datanetIds: [datanetId],
      owner: chain.wallet(accounts.modelOwner.privateKey),
    })
    await loadAdapter({
      ...{ artifacts: stack.artifacts, gpuUrl: stack.gpu.url, adaptersDir: options.dir },
      ...{ name: `${name}@${published.version}`, manifest: run.manifest },
    })
    models.push({ name, datanet, trained: run, published })
  }
  await stack.refreshModels()
  return models
}
