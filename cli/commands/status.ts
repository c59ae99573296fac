import { Command } from 'commander'
import { BaseError, exitCodes } from '../../schema/errors.ts'
import { readStackConfig } from '../config/read-stack-config.ts'
import type { Reporter } from '../console/reporter.ts'
import { runCommand } from '../console/run-command.ts'
import { connectStack, type RunningStack } from '../stack/connect-stack.ts'
import { describeFacts, describeProcess } from '../stack/describe-process.ts'
import { readProcessStatus } from '../stack/read-process-status.ts'
import { readStackStatus, type StackStatus } from '../stack/read-stack-status.ts'

interface Options {
  readonly dir?: string
  readonly health?: readonly string[]
  readonly json?: boolean
}

/** Says how a running Provenant is. */
export function statusCommand(): Command {
  return new Command('status')
    .description('say which parts answer, how far the index is, and what there is')
    .option('--dir <dir>', 'data folder of the running Provenant (default: .provenant)')
    .option('--health <url...>', 'ask single processes instead, by their health URLs')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Exits with 75 if nothing runs in the folder, a part is silent, or a part is not ready. With --health it
asks /health and /ready of each process (indexer, projector, eventlog, engine, api, gateway, gpu, up);
their URLs are printed when they start.`,
    )
    .action((options: Options) =>
      runCommand(options, async ({ reporter }) => {
        if (options.health !== undefined) return tellProcesses(reporter, options.health)
        await using stack = await connectStack(readStackConfig(process.env, options.dir))
        const status = await readStackStatus(stack)
        const { pid, chainId, rpcUrl, apiUrl, gatewayUrl, gpuUrl, healthUrl } = stack.state
        reporter.result(
          { pid, chainId, urls: { rpcUrl, apiUrl, gatewayUrl, gpuUrl, healthUrl }, ...status },
          describe(stack, status),
        )
        return status.ok ? 0 : exitCodes.unavailable
      }),
    )
}

async function tellProcesses(reporter: Reporter, urls: readonly string[]): Promise<number> {
  const wrong = urls.find((url) => !URL.canParse(url))
  if (wrong !== undefined)
    throw new BaseError('CONFIG_INVALID', {
      facts: { variable: '--health', problem: `not a URL: ${wrong}` },
    })
  const processes = await Promise.all(urls.map(readProcessStatus))
  const ok = processes.every(({ ready }) => ready)
  reporter.result({ ok, processes }, processes.map(describeProcess).join('\n'))
  return ok ? 0 : exitCodes.unavailable
}

function describe({ state }: RunningStack, status: StackStatus): string {
  const { parts, meta, models, datanets, calls, epochs } = status
  const up = (part: boolean) => (part ? 'up  ' : 'DOWN')
  return [
    ...describeFollowers(status),
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

/** Indexer and projector have no port; the process that runs them speaks for them. */
function describeFollowers({ process: all }: StackStatus): readonly string[] {
  if (all === undefined) return []
  const line = (title: string, name: string) => {
    const facts = all.facts[name] as Readonly<Record<string, unknown>> | undefined
    if (facts === undefined) return `${title} DOWN`
    return `${title} ${facts['state'] === 'running' ? 'up  ' : String(facts['state'])}  ${describeFacts(name, facts)}`
  }
  return [
    line('Indexer    ', 'indexer'),
    line('Projector  ', 'projector'),
    ...(all.missing.length === 0 ? [] : [`Not ready   ${all.missing.join(', ')}`]),
  ]
}
