import { resolve } from 'node:path'
import { Command } from 'commander'
import { bundledBaseConfig } from '../../gpu/models/bundled-base.ts'
import { defaultPretrainRecipe } from '../../gpu/training/pretrain-recipe.ts'
import { positiveInteger, seedNumber } from '../console/option-values.ts'
import { runCommand } from '../console/run-command.ts'
import { readCorpus } from '../pretrain/corpus.ts'
import { runPretrain } from '../pretrain/run-pretrain.ts'

interface Options {
  readonly out: string
  readonly steps: number
  readonly seed: number
  readonly threads: number
  readonly json?: boolean
}

/** Makes a base model from the text of the installed packages. */
export function pretrainCommand(): Command {
  return new Command('pretrain')
    .description('make a base model from the text of the installed packages')
    .option('--out <dir>', 'where the model goes, in Hugging Face layout', 'base-model')
    .option('--steps <n>', 'training steps', positiveInteger, defaultPretrainRecipe.steps)
    .option('--seed <number>', 'seed of weights and batches', seedNumber, 7)
    .option('--threads <n>', 'threads of the arithmetic', positiveInteger, 2)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
The defaults make the base model that comes with the package (gpu/models/base), which takes about
an hour on two cores. The state is saved every few hundred steps: after Ctrl-C the same command goes
on, other options start anew. Floating-point sums depend on processor and threads, so a model made
elsewhere is as good but not the same file.`,
    )
    .action((options: Options) =>
      runCommand(options, async ({ reporter, signal }) => {
        const directory = resolve(options.out)
        const { steps, seed, threads } = options
        const start = performance.now()
        const { loss } = await runPretrain({
          ...{ directory, seed, threads, signal, config: bundledBaseConfig },
          recipe: { ...defaultPretrainRecipe, steps },
          corpus: await readCorpus(),
          onProgress: ({ step, steps: total, loss: now, bytesPerSecond, secondsLeft }) =>
            reporter.progress(
              'steps',
              step,
              total,
              `loss ${now.toFixed(3)}, ${bytesPerSecond.toFixed(0)} bytes/s, ${duration(secondsLeft)} left`,
            ),
        })
        const seconds = Math.round((performance.now() - start) / 1000)
        reporter.result(
          { directory, steps, seed, loss, seconds },
          `The base model is in ${directory} (loss ${loss.toFixed(3)}, ${duration(seconds)}).`,
        )
        return 0
      }),
    )
}

const duration = (seconds: number): string =>
  seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`
