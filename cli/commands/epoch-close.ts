import { Command } from 'commander'
import { readStackConfig } from '../config/read-stack-config.ts'
import { createLogger } from '../console/create-logger.ts'
import { runCommand } from '../console/run-command.ts'
import { waitForBatches } from '../inference/wait-for-batches.ts'
import { formatTokens } from '../money/format-tokens.ts'
import { connectStack } from '../stack/connect-stack.ts'
import { engineOf } from '../stack/engine-of.ts'
import { waitUntilFinal } from '../stack/wait-until-final.ts'

interface Options {
  readonly dir?: string
  readonly json?: boolean
}

/** Longer than the gateway takes from one batch to the next. */
const patienceMs = 20_000

/** Attributes every final call and closes the next epoch. */
export function epochCloseCommand(): Command {
  return new Command('close')
    .description('attribute every final call and add up who earned what')
    .option('--dir <dir>', 'data folder of the running Provenant (default: .provenant)')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Waits until answered calls are recorded and final first; a development chain mines what that needs.
Without new calls nothing is closed. A close that was interrupted continues where it was.`,
    )
    .action((options: Options) =>
      runCommand(options, async ({ reporter, signal }) => {
        const config = readStackConfig(process.env, options.dir)
        await using stack = await connectStack(config)
        const pending = await waitForBatches(stack.state.gatewayUrl, { patienceMs, signal })
        if (pending > 0) reporter.line(`${pending} answered calls wait for a later epoch.`)
        await waitUntilFinal(stack, signal)
        await using engine = engineOf(stack, {
          workers: stack.state.workers,
          logger: createLogger(config.logLevel),
        })
        const result = await engine.closeEpoch({
          signal,
          onProgress: ({ stage, model, done, total }) =>
            reporter.progress(`${stage} of model ${model}`, done, total),
        })
        if (result.status === 'idle') {
          reporter.result(result, 'No call was recorded since the last epoch; nothing to close.')
          return 0
        }
        const { balances: _, ...epoch } = result.epoch
        reporter.result(
          { status: result.status, ...epoch },
          `Epoch ${epoch.epoch} is closed over ${epoch.calls} calls: ${epoch.leaves} accounts have earned ${formatTokens(BigInt(epoch.totalEarned))} in all.\nroot ${epoch.root}`,
        )
        return 0
      }),
    )
}
