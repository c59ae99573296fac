import { Command } from 'commander'
import type { Hex } from '../../schema/events/event.ts'
import { readStackConfig } from '../config/read-stack-config.ts'
import { accountAddress } from '../console/option-values.ts'
import { runCommand } from '../console/run-command.ts'
import { claimRewards } from '../epochs/claim-rewards.ts'
import { findActiveEpoch } from '../epochs/find-active-epoch.ts'
import { rewardsClientOf } from '../epochs/rewards-client-of.ts'
import { formatTokens } from '../money/format-tokens.ts'
import { accountOf } from '../stack/account-of.ts'
import { connectStack } from '../stack/connect-stack.ts'

interface Options {
  readonly dir?: string
  readonly account?: Hex
  readonly all?: boolean
  readonly privateKeyFile?: string
  readonly json?: boolean
}

/** Pays out what accounts have earned by the active epoch. */
export function claimCommand(): Command {
  const command = new Command('claim')
    .description('pay out what an account has earned by the active epoch')
    .option('--account <address>', 'the account to claim for', accountAddress)
    .option('--all', 'claim for every account of the epoch')
    .option('--dir <dir>', 'data folder of the running Provenant (default: .provenant)')
    .option('--private-key-file <file>', 'key of the account that sends the transactions')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Anyone may claim for anyone: the tokens go to the account or the recipient it has set. What was
claimed before is not paid again.`,
    )
  return command.action((options: Options) => {
    if ((options.account === undefined) === (options.all !== true))
      command.error('error: pass either --account or --all')
    return runCommand(options, async ({ reporter, signal }) => {
      await using stack = await connectStack(readStackConfig(process.env, options.dir))
      const { chain, deployment, eventLog, artifacts } = stack
      const sender = await accountOf(stack, 'deployer', options.privateKeyFile)
      const { epoch, manifestHash, balances } = await findActiveEpoch(chain, deployment, eventLog)
      const claims = await claimRewards({
        ...{ chain, deployment, artifacts, manifestHash, signal },
        client: rewardsClientOf(chain, deployment, sender.privateKey),
        accounts:
          options.account === undefined
            ? balances.map(({ account }) => account)
            : [options.account],
        onProgress: (done, total) => reporter.progress('claims', done, total),
      })
      const total = claims.reduce((sum, { amount }) => sum + amount, 0n)
      reporter.result(
        { epoch, manifestHash, total, claims },
        [
          ...claims.map(({ account, amount }) => `${account}  ${formatTokens(amount)}`),
          `${formatTokens(total)} paid to ${claims.filter(({ amount }) => amount > 0n).length} accounts.`,
        ].join('\n'),
      )
      return 0
    })
  })
}
