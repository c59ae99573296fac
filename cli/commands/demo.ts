import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Command } from 'commander'
import { readConfig } from '../config/read-config.ts'
import { bigintAsText } from '../console/reporter.ts'
import { runCommand } from '../console/run-command.ts'
import { renderReport } from '../demo/render-report.ts'
import { runDemo } from '../demo/run-demo.ts'
import { removeRunState, writeRunState } from '../stack/run-state.ts'
import { runStateOf } from '../stack/run-state-of.ts'
import { untilStopped } from '../stack/until-stopped.ts'

interface Options {
  readonly json?: string
  readonly keep?: boolean
  readonly short?: boolean
  readonly dir?: string
  readonly seed?: string
}

/** Exit code when a check of the run failed. */
const checksFailed = 5

/** Runs the main job once, on real parts, and checks it. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('run upload, training, paid calls, attribution, epochs, claims and all checks')
    .option('--json <file>', 'write the report as JSON')
    .option('--keep', 'leave everything running at the end and print the URLs')
    .option('--short', 'few calls and little training; hit rates are not judged')
    .option('--dir <dir>', 'data folder (default: a temporary one, removed at the end)')
    .option('--seed <number>', 'seed of everything that is drawn', '1')
    .action((options: Options) =>
      runCommand({}, async ({ reporter, signal }) => {
        const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'provenant-demo-')))
        const config = readConfig(process.env, {
          PROVENANT_DIR: dir,
          PROVENANT_SEED: options.seed,
        })
        try {
          const start = performance.now()
          const { report, stack } = await runDemo({
            ...{ config, reporter, signal, short: options.short === true },
          })
          try {
            reporter.line(renderReport(report, (performance.now() - start) / 1000))
            if (options.json !== undefined) {
              const text = `${JSON.stringify(report, bigintAsText, 2)}\n`
              await writeFile(resolve(options.json), text)
              reporter.line(`\nReport written to ${options.json}.`)
            }
            if (options.keep === true) {
              await writeRunState(config.dir, runStateOf(stack, config))
              reporter.line(`\nGraphQL: ${stack.api.url}\nGateway: ${stack.gateway.url}`)
              reporter.line(`Folder:  ${config.dir} (give it to other commands as --dir)`)
              reporter.line('Press Ctrl-C to stop.')
              await untilStopped(signal, stack.failed)
              await removeRunState(config.dir)
            }
            return report.ok ? 0 : checksFailed
          } finally {
            await stack.close()
          }
        } finally {
          if (options.dir === undefined) await rm(dir, { recursive: true, force: true })
        }
      }),
    )
}
