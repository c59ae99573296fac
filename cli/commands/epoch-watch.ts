import { Command, Option } from 'commander'
import { watchEpochs } from '../../engine/disputes/watch-epochs.ts'
import { type BackendName, backendNames, openBackend } from '../audit/open-backend.ts'
import { readStackConfig } from '../config/read-stack-config.ts'
import { positiveInteger } from '../console/option-values.ts'
import { runCommand } from '../console/run-command.ts'
import { describeVerdict } from '../epochs/describe-verdict.ts'
import { disputesClientOf } from '../epochs/disputes-client-of.ts'
import { findKnownEpoch } from '../epochs/find-known-epoch.ts'
import { readFinalState } from '../epochs/read-final-state.ts'
import { verdictInJson } from '../epochs/verdict-in-json.ts'
import { accountOf } from '../stack/account-of.ts'
import { connectStack } from '../stack/connect-stack.ts'

interface Options {
  readonly dir?: string
  readonly once?: boolean
  readonly dryRun?: boolean
  readonly dispute?: boolean
  readonly interval: number
  readonly backend: BackendName
  readonly privateKeyFile?: string
  readonly json?: boolean
}

/** Computes every proposed epoch again and challenges the wrong ones. */
export function epochWatchCommand(): Command {
  return new Command('watch')
    .description('compute every proposed epoch again and challenge the wrong ones')
    .option('--dir <dir>', 'data folder of the running Provenant (default: .provenant)')
    .option('--once', 'judge the epoch in flight and end')
    .option('--dry-run', 'say what would be sent, send nothing')
    .option('--dispute', 'where nothing can be proven, open a dispute; takes a bond')
    .option('--interval <seconds>', 'time between two looks', positiveInteger, 10)
    .addOption(
      new Option('--backend <name>', 'kernel that computes the scores')
        .choices(backendNames)
        .default('onnx'),
    )
    .option('--private-key-file <file>', 'key of the account that challenges')
    .option('--json', 'print JSON, one object per judged epoch')
    .addHelpText(
      'after',
      `
A fault that can be proven from the chain and published leaves is proven in one transaction: the epoch
is rejected, its poster slashed, and half of that is the challenger's. Withheld leaves and wrong weights
cannot be proven; they are reported, and disputed with --dispute.
With --once the exit code is 5 if the epoch in flight is not honest.`,
    )
    .action((options: Options) =>
      runCommand(options, async ({ reporter, signal }) => {
        await using stack = await connectStack(readStackConfig(process.env, options.dir))
        const { chain, deployment, eventLog, artifacts } = stack
        const { chainId } = chain
        const sender = await accountOf(stack, 'watcher', options.privateKeyFile)
        await using backend = await openBackend(options.backend)
        let wrong = 0
        await watchEpochs(disputesClientOf(chain, deployment, sender.privateKey), {
          ...{ artifacts, backend, signal, pollMs: 1000 * options.interval },
          ...{ once: options.once === true, dryRun: options.dryRun === true },
          dispute: options.dispute === true,
          readState: () => readFinalState(eventLog, chainId, artifacts),
          findKnown: ({ toBlock }) => findKnownEpoch(eventLog, artifacts, chainId, toBlock),
          onReport(report) {
            if (report.judged.verdict !== 'honest') wrong += 1
            reporter.result(verdictInJson(report), describeVerdict(report))
          },
          onProblem: (problem) => process.stderr.write(`${problem.code}: ${problem.message}\n`),
        })
        return options.once === true && wrong > 0 ? 5 : 0
      }),
    )
}
