import { Command } from 'commander'
import { probeDevices } from '../../gpu/device/probe-devices.ts'
import { readConfig } from '../config/read-config.ts'
import { runCommand } from '../console/run-command.ts'

interface Options {
  readonly json?: boolean
  readonly dir?: string
}

/** Prints what this machine can run and which configuration was chosen, and why. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('print the configuration that was chosen and what this machine can run')
    .option('--dir <dir>', 'data folder')
    .option('--json', 'print JSON')
    .action((options: Options) =>
      runCommand(options, async ({ reporter }) => {
        const config = readConfig(process.env, { PROVENANT_DIR: options.dir })
        const choice = (given: string | undefined, fallback: string) =>
          given === undefined
            ? { value: fallback, why: 'default' }
            : { value: hideSecrets(given), why: 'configured' }
        const chosen = {
          node: { value: process.version, why: 'this process' },
          dir: { value: config.dir, why: config.dirIsGiven ? 'configured' : 'default' },
          chain: choice(config.rpcUrl, 'embedded anvil'),
          database: choice(config.databaseUrl, 'embedded PostgreSQL'),
          eventLog: choice(config.eventStoreUrl, 'embedded event log on the database'),
          artifacts: choice(process.env['PROVENANT_ARTIFACTS'], config.artifactsDir),
          workers: choice(process.env['PROVENANT_WORKERS'], String(config.workers)),
          finality: choice(process.env['PROVENANT_FINALITY'], `${config.finality} blocks`),
        }
        const devices = await probeDevices()
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

function hideSecrets(url: string): string {
  return url.replace(/(:\/\/[^:/@]*:)[^@]*@/, '$1***@')
}
