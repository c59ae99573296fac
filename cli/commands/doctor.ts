import { Command } from 'commander'
import { nameHosts } from '../../indexer/source/rpc-host.ts'
import { isErrorWithCode } from '../../schema/errors.ts'
import { hideSecrets } from '../config/hide-secrets.ts'
import { readChains } from '../config/read-chains.ts'
import { readStackConfig } from '../config/read-stack-config.ts'
import { runCommand } from '../console/run-command.ts'
import { probeInChild } from '../devices/probe-in-child.ts'

interface Options {
  readonly json?: boolean
  readonly dir?: string
}

/** Prints what this machine can run and which configuration was chosen, and why. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('print the configuration that was chosen and what this machine can run')
    .option('--dir <dir>', 'data folder (default: .provenant)')
    .option('--json', 'print JSON')
    .action((options: Options) =>
      runCommand(options, async ({ reporter }) => {
        const config = readStackConfig(process.env, options.dir)
        const hide = hideSecrets()
        const choice = (given: string | undefined, fallback: string) =>
          given === undefined
            ? { value: fallback, why: 'default' }
            : { value: hide(given), why: 'configured' }
        const chains =
          config.chainsFile === undefined ? [] : await readChains(config.chainsFile, process.env)
        const chosen = {
          node: { value: process.version, why: 'this process' },
          dir: {
            value: config.dir,
            why: (options.dir ?? process.env['PROVENANT_DIR']) ? 'configured' : 'default',
          },
          chain: choice(
            config.rpcUrls.length > 0 ? nameHosts(config.rpcUrls).join(', ') : undefined,
            'embedded anvil',
          ),
          ...Object.fromEntries(
            chains.map(({ chainId, rpcUrls, finality }) => [
              `chain ${chainId}`,
              {
                value: `${nameHosts(rpcUrls).join(', ')}; finality ${finality}`,
                why: 'chains file',
              },
            ]),
          ),
          database: choice(config.databaseUrl, 'embedded PostgreSQL'),
          eventLog: choice(config.eventStoreUrl, 'embedded event log on the database'),
          artifacts: choice(process.env['PROVENANT_ARTIFACTS'], config.artifactsDir),
          workers: choice(process.env['PROVENANT_WORKERS'], String(config.workers)),
          finality: choice(process.env['PROVENANT_FINALITY'], `${config.finality} blocks`),
        }
        const devices = await probeInChild().catch((error: unknown) => {
          if (!isErrorWithCode(error, 'CHILD_FAILED')) throw error
          return [{ name: 'all', available: false, detail: 'a driver crashed while it was tried' }]
        })
        reporter.result(
          { configuration: chosen, devices },
          [
            'Configuration',
            ...Object.entries(chosen).map(
              ([key, { value, why }]) => `  ${key.padEnd(10)} ${value} (${why})`,
            ),
            'Devices',
            ...devices.map(
              ({ name, available, detail }) =>
                `  ${name.padEnd(16)} ${available ? 'yes' : 'no '} ${detail}`,
            ),
          ].join('\n'),
        )
        return 0
      }),
    )
}
