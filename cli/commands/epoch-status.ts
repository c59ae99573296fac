import { Command } from 'commander'
import { readEngineStatus } from '../../engine/epoch/read-engine-status.ts'
import { readStackConfig } from '../config/read-stack-config.ts'
import { runCommand } from '../console/run-command.ts'
import { listEpochs } from '../epochs/list-epochs.ts'
import { formatTokens } from '../money/format-tokens.ts'
import { connectStack } from '../stack/connect-stack.ts'

interface Options {
  readonly dir?: string
  readonly json?: boolean
}

/** Lists the epochs and what is open. */
export function epochStatusCommand(): Command {
  return new Command('status')
    .description('list the newest epochs and the calls that are in none yet')
    .option('--dir <dir>', 'data folder of the running Provenant (default: .provenant)')
    .option('--json', 'print JSON')
    .action((options: Options) =>
      runCommand(options, async ({ reporter }) => {
        await using stack = await connectStack(readStackConfig(process.env, options.dir))
        const { eventLog, artifacts, chain } = stack
        const [epochs, { open }] = await Promise.all([
          listEpochs(stack.state.apiUrl, 50),
          readEngineStatus({ eventLog, artifacts, chainId: chain.chainId }),
        ])
        reporter.result(
          { epochs, open },
          [
            ...epochs.map(
              ({ id, status, calls, totalEarned, root }) =>
                `epoch ${id}  ${status.padEnd(8)}  ${calls ?? '?'} calls  ${formatTokens(BigInt(totalEarned))} earned in all  ${root}`,
            ),
            `${open.calls} final calls with fees of ${formatTokens(BigInt(open.fees))} are in no epoch yet.`,
          ].join('\n'),
        )
        return 0
      }),
    )
}
