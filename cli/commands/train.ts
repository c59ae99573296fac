import { Command } from 'commander'
import { bundledBaseDirectory } from '../../gpu/models/bundled-base.ts'
import { defaultLoraRecipe } from '../../gpu/training/lora-recipe.ts'
import { BaseError } from '../../schema/errors.ts'
import { readStackConfig } from '../config/read-stack-config.ts'
import { modelName, positiveInteger, seedNumber } from '../console/option-values.ts'
import { runCommand } from '../console/run-command.ts'
import { findDatanet } from '../datanets/find-datanet.ts'
import { waitForOffer } from '../inference/wait-for-offer.ts'
import { accountOf } from '../stack/account-of.ts'
import { connectStack, type RunningStack } from '../stack/connect-stack.ts'
import { adaptersPath } from '../stack/store-paths.ts'
import { defaultTerms } from '../training/default-terms.ts'
import { findModel } from '../training/find-model.ts'
import { loadAdapter } from '../training/load-adapter.ts'
import { publishModel } from '../training/publish-model.ts'
import { readAcceptedContributions } from '../training/read-accepted-contributions.ts'
import { trainModel } from '../training/train-model.ts'
import { trainingLine } from '../training/training-line.ts'

interface Options {
  readonly dir?: string
  readonly datanet: string
  readonly name: string
  readonly epochs: number
  readonly seed: number
  readonly privateKeyFile?: string
  readonly json?: boolean
}

/** Fine-tunes an adapter on accepted rows and publishes it as a model. */
export function trainCommand(): Command {
  return new Command('train')
    .description('fine-tune an adapter on accepted rows, record the run and serve the model')
    .requiredOption('--datanet <ids>', 'numbers or names of Datanets, separated by commas')
    .requiredOption('--name <name>', 'name of the model; yours again makes a version', modelName)
    .option('--dir <dir>', 'data folder of the running Provenant (default: .provenant)')
    .option('--epochs <n>', 'passes over the rows', positiveInteger, defaultLoraRecipe.epochs)
    .option('--seed <number>', 'seed of row order and initial adapter', seedNumber, 1)
    .option('--private-key-file <file>', 'key of the model owner, for a chain of your own')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Row order, recipe, checkpoints and log become artifacts whose hashes go on the chain, so anyone who
holds the rows can repeat the run. A model keeps the Datanets it was registered with.`,
    )
    .action((options: Options) =>
      runCommand(options, async ({ reporter, signal }) => {
        await using stack = await connectStack(readStackConfig(process.env, options.dir))
        const { chain, deployment, artifacts, rowVault, state } = stack
        const { name, seed, epochs } = options
        const owner = await accountOf(stack, 'model owner', options.privateKeyFile)
        const modelId = await findModel(chain, deployment, name, owner.address)
        const datanetIds = await findDatanets(stack, options.datanet)
        const contributions = await readAcceptedContributions(chain, deployment, datanetIds)
        if (contributions.length === 0)
          throw new BaseError('DATASET_EMPTY', { facts: { datanets: datanetIds.join(', ') } })
        const trained = await trainModel({
          ...{ name, seed, signal, contributions, artifacts, rowVault },
          baseModelDir: bundledBaseDirectory,
          recipe: { ...defaultLoraRecipe, epochs },
          onProgress: (progress) =>
            reporter.progress(name, progress.step, progress.steps, trainingLine(progress)),
        })
        const { version, ...published } = await publishModel({
          ...{ chain, deployment, name, datanetIds, trained, terms: defaultTerms },
          owner: chain.wallet(owner.privateKey),
          ...(modelId === undefined ? {} : { modelId }),
        })
        await loadAdapter({
          ...{ artifacts, gpuUrl: state.gpuUrl, adaptersDir: adaptersPath(stack.dir) },
          ...{ name: `${name}@${version}`, manifest: trained.manifest },
        })
        await waitForOffer(state.gatewayUrl, name, version, signal)
        const { rows, tokens, finalLoss, artefactHash } = trained
        reporter.result(
          { ...published, name, version, rows, tokens, finalLoss, artefactHash },
          `${name}@${version} is trained on ${rows} rows (loss ${finalLoss.toFixed(2)}), recorded as run ${published.runId} and served.`,
        )
        return 0
      }),
    )
}

async function findDatanets(
  { chain, deployment }: RunningStack,
  list: string,
): Promise<readonly bigint[]> {
  const ids = new Set<bigint>()
  for (const datanet of list.split(',')) {
    const found = await findDatanet(chain, deployment, datanet.trim())
    if (found === undefined) throw new BaseError('DATANET_UNKNOWN', { facts: { datanet } })
    ids.add(found.datanetId)
  }
  return [...ids].sort((a, b) => (a < b ? -1 : 1))
}
