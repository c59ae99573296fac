import { Command } from 'commander'
import { rewardsDistributorAbi } from '../../contracts/abi/rewards-distributor.ts'
import { activateEpoch } from '../../engine/publish/activate-epoch.ts'
import { readStackConfig } from '../config/read-stack-config.ts'
import { positiveInteger } from '../console/option-values.ts'
import { runCommand } from '../console/run-command.ts'
import { passDisputeWindow } from '../epochs/pass-dispute-window.ts'
import { rewardsClientOf } from '../epochs/rewards-client-of.ts'
import { accountOf } from '../stack/account-of.ts'
import { connectStack } from '../stack/connect-stack.ts'

interface Options {
  readonly dir?: string
  readonly epoch?: number
  readonly advanceTime?: boolean
  readonly privateKeyFile?: string
  readonly json?: boolean
}

/** Makes a proposed epoch claimable. */
export function epochActivateCommand(): Command {
  return new Command('activate')
    .description('make a proposed epoch claimable once its dispute window is over')
    .option('--dir <dir>', 'data folder of the running Provenant (default: .provenant)')
    .option('--epoch <n>', 'number on the chain (default: the newest)', positiveInteger)
    .option('--advance-time', "move a development chain's clock past the dispute window")
    .option('--private-key-file <file>', 'key of the account that sends the transaction')
    .option('--json', 'print JSON')
    .action((options: Options) =>
      runCommand(options, async ({ reporter }) => {
        await using stack = await connectStack(readStackConfig(process.env, options.dir))
        const { chain, deployment, dev } = stack
        const sender = await accountOf(stack, 'epoch poster', options.privateKeyFile)
        const epoch =
          options.epoch === undefined
            ? await chain.publicClient.readContract({
                address: deployment.addresses.rewards,
                abi: rewardsDistributorAbi,
                functionName: 'epochCount',
              })
            : BigInt(options.epoch)
        const skipped =
          options.advanceTime === true ? await passDisputeWindow(chain, deployment, dev, epoch) : 0
        const client = rewardsClientOf(chain, deployment, sender.privateKey)
        const transaction = await activateEpoch(client, epoch)
        reporter.result(
          { epoch, transaction: transaction ?? null, skippedSeconds: skipped },
          transaction === undefined
            ? `Epoch ${epoch} was active before.`
            : `Epoch ${epoch} is active by ${transaction}.`,
        )
        return 0
      }),
    )
}
