import { Command } from 'commander'
import { exitCodes } from '../../schema/errors.ts'
import { readStackConfig } from '../config/read-stack-config.ts'
import { runCommand } from '../console/run-command.ts'
import { connectStack, type RunningStack } from '../stack/connect-stack.ts'
import { readStackStatus, type StackStatus } from '../stack/read-stack-status.ts'

interface Options {
  readonly dir?: string
  readonly json?: boolean
}

/** Says how a running Provenant is. */
export function statusCommand(): Command {
  return new Command('status')
    .description('say which parts answer, how far the index is, and what there is')
    .option('--dir <dir>', 'data folder of the running Provenant (default: .provenant)')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExits with 75 if nothing runs in the folder or a part is silent.')
    .action((options: Options) =>
      runCommand(options, async ({ reporter }) => {
        await using stack = await connectStack(readStackConfig(process.env, options.dir))
        const status = await readStackStatus(stack)
        const { pid, chainId, rpcUrl, apiUrl, gatewayUrl, gpuUrl } = stack.state
        reporter.result(
          { pid, chainId, urls: { rpcUrl, apiUrl, gatewayUrl, gpuUrl }, ...status },
          describe(stack, status),
        )
        return status.ok ? 0 : exitCodes.unavailable
      }),
    )
}

function describe({ state }: RunningStack, status: StackStatus): string {
  const { parts, meta, models, datanets, calls, epochs } = status
  const up = (part: boolean) => (part ? 'up  ' : 'DOWN')
  return [
    `GraphQL     ${up(parts.graphql)}  ${state.apiUrl}`,
    `Gateway     ${up(parts.gateway)}  ${state.gatewayUrl}/v1`,
    `GPU server  ${up(parts.gpu)}  ${state.gpuUrl}/v1`,
    `Chain       ${state.chainId} at ${state.rpcUrl}`,
    `Blocks      head ${meta?.chainHead ?? '?'}, indexed ${meta?.indexedBlock ?? '?'}, final ${meta?.finalizedBlock ?? '?'}, lag ${meta?.lagBlocks ?? '?'}`,
    `Datanets    ${datanets.map(({ id, uri }) => `${id} ${uri.replace(/^datanet:/, '')}`).join(', ') || 'none'}`,
    `Models      ${models.map(({ name, versions }) => `${name} (${versions})`).join(', ') || 'none'}`,
    `Calls       ${calls.recorded} recorded, ${calls.open} in no epoch yet`,
    `Epochs      ${epochs.map(({ id, status: state }) => `${id} ${state}`).join(', ') || 'none'}`,
  ].join('\n')
}
