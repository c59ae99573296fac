import { Command } from 'commander'
import { readStackConfig } from '../config/read-stack-config.ts'
import { runProcess } from '../processes/run-process.ts'
import { serveHealth } from '../processes/serve-health.ts'
import { type RunState, removeRunState, writeRunState } from '../stack/run-state.ts'
import { runStateOf } from '../stack/run-state-of.ts'
import { startStack } from '../stack/start-stack.ts'
import { untilStopped } from '../stack/until-stopped.ts'

interface Options {
  readonly dir?: string
  readonly json?: boolean
}

/** Runs everything on this machine until it is stopped. */
export function upCommand(): Command {
  return new Command('up')
    .description('run chain, database, event log, indexer, GPU server, gateway and GraphQL here')
    .option('--dir <dir>', 'data folder, continued if it exists (default: .provenant)')
    .option('--json', 'print the URLs as JSON once everything runs')
    .addHelpText(
      'after',
      `
Whatever is not configured runs embedded and keeps its data in the folder: PROVENANT_RPC_URL,
PROVENANT_DATABASE_URL and PROVENANT_EVENTSTORE_URL name services of your own.
Ctrl-C or SIGTERM stops everything; the next "up" in the same folder continues.`,
    )
    .action((options: Options) =>
      runProcess(
        'up',
        { ...options, quiet: true },
        () => readStackConfig(process.env, options.dir),
        async ({ config, reporter, signal }) => {
          const stack = await startStack(config, (step) => {
            signal.throwIfAborted()
            reporter.line(`starting ${step}`)
          }).catch((error: unknown) => {
            if (signal.aborted) return undefined
            throw error
          })
          if (stack === undefined) return
          try {
            await using health = await serveHealth({
              ...{ process: 'up', host: config.host, port: config.ports.metrics },
              ...stack.health,
            })
            const state = runStateOf(stack, config, health.url)
            await writeRunState(config.dir, state)
            const { databaseUrl: _, deployment, ...shown } = state
            reporter.result({ dir: config.dir, ...shown, deployment }, describe(config.dir, state))
            await untilStopped(signal, stack.failed)
          } finally {
            await removeRunState(config.dir)
            await stack.close()
          }
          reporter.line('Stopped.')
        },
      ),
    )
}

const describe = (dir: string, state: RunState): string => `
Provenant runs in ${dir}

  GraphQL     ${state.apiUrl}
  Gateway     ${state.gatewayUrl}/v1
  GPU server  ${state.gpuUrl}/v1
  Chain       ${state.rpcUrl} (id ${state.chainId})
  Health      ${state.healthUrl} (also /ready, /metrics)

Next, in another terminal, each with --dir ${dir}:

  provenant upload --datanet NAME --file rows.jsonl   rows of {"question": …, "answer": …}
  provenant train --datanet 1 --name my-model
  provenant infer --model my-model "a question"
  provenant epoch close, then propose, activate --advance-time
  provenant claim --all
  provenant status

Press Ctrl-C to stop.`
