import { Command, Option } from 'commander'
import { challengeEpoch } from '../../engine/disputes/challenge-epoch.ts'
import { judgeEpoch } from '../../engine/disputes/judge-epoch.ts'
import { readAccusedEpoch } from '../../engine/disputes/read-accused-epoch.ts'
import { BaseError } from '../../schema/errors.ts'
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
  readonly epoch: number
  readonly dryRun?: boolean
  readonly backend: BackendName
  readonly privateKeyFile?: string
  readonly json?: boolean
}

/** Proves the fault of one proposed epoch. */
export function epochChallengeCommand(): Command {
  return new Command('challenge')
    .description('prove the fault of a proposed epoch, so that it is rejected')
    .requiredOption('--epoch <n>', 'number on the chain', positiveInteger)
    .option('--dir <dir>', 'data folder of the running Provenant (default: .provenant)')
    .option('--dry-run', 'say what would be sent, send nothing')
    .addOption(
      new Option('--backend <name>', 'kernel that computes the scores')
        .choices(backendNames)
        .default('onnx'),
    )
    .option('--private-key-file <file>', 'key of the account that challenges and is rewarded')
    .option('--json', 'print JSON')
    .action((options: Options) =>
      runCommand(options, async ({ reporter, signal }) => {
        await using stack = await connectStack(readStackConfig(process.env, options.dir))
        const { chain, deployment, eventLog, artifacts } = stack
        const sender = await accountOf(stack, 'watcher', options.privateKeyFile)
        const client = disputesClientOf(chain, deployment, sender.privateKey)
        const accused = await readAccusedEpoch(client, BigInt(options.epoch))
        const read = await readFinalState(eventLog, chain.chainId, artifacts)
        const { toBlock } = accused.proposal
        if (read === undefined || BigInt(read.final.height) < toBlock)
          throw new BaseError('INDEX_EMPTY', { facts: { upTo: read?.final.height, toBlock } })
        await using backend = await openBackend(options.backend)
        const judged = await judgeEpoch(client, accused, {
          ...{ artifacts, backend, signal, state: read.state },
          known: await findKnownEpoch(eventLog, artifacts, chain.chainId, toBlock),
        })
        const report =
          options.dryRun === true || judged.verdict === 'honest'
            ? { judged }
            : { judged, challenged: await challengeEpoch(client, judged.faults) }
        reporter.result(verdictInJson(report), describeVerdict(report))
        return judged.verdict === 'honest' || options.dryRun !== true ? 0 : 5
      }),
    )
}
