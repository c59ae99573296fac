import { Command } from 'commander'
import { proposeEpoch } from '../../engine/publish/propose-epoch.ts'
import { readStackConfig } from '../config/read-stack-config.ts'
import { positiveInteger } from '../console/option-values.ts'
import { runCommand } from '../console/run-command.ts'
import { findClosedEpoch } from '../epochs/find-closed-epoch.ts'
import { rewardsClientOf } from '../epochs/rewards-client-of.ts'
import { accountOf } from '../stack/account-of.ts'
import { connectStack } from '../stack/connect-stack.ts'

interface Options {
  readonly dir?: string
  readonly epoch?: number
  readonly privateKeyFile?: string
  readonly json?: boolean
}

/** Puts the root of a closed epoch on the chain. */
export function epochProposeCommand(): Command {
  return new Command('propose')
    .description('put the root of a closed epoch on the chain; its dispute window starts')
    .option('--dir <dir>', 'data folder of the running Provenant (default: .provenant)')
    .option('--epoch <n>', 'number of the closed epoch (default: the newest)', positiveInteger)
    .option('--private-key-file <file>', 'key with the role EPOCH_POSTER')
    .option('--json', 'print JSON')
    .action((options: Options) =>
      runCommand(options, async ({ reporter }) => {
        await using stack = await connectStack(readStackConfig(process.env, options.dir))
        const { chain, deployment, eventLog, artifacts } = stack
        const poster = await accountOf(stack, 'epoch poster', options.privateKeyFile)
        const closed = await findClosedEpoch(eventLog, chain.chainId, options.epoch)
        const { epoch, transaction } = await proposeEpoch(
          rewardsClientOf(chain, deployment, poster.privateKey),
          artifacts,
          closed.manifestHash,
        )
        const { root, manifestHash } = closed
        reporter.result(
          { epoch, closedAs: closed.epoch, root, manifestHash, transaction: transaction ?? null },
          transaction === undefined
            ? `Epoch ${epoch} was proposed before.`
            : `Epoch ${epoch} is proposed in ${transaction}.`,
        )
        return 0
      }),
    )
}
