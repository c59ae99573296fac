import { Command } from 'commander'
import { createEmbeddedEventLog } from '../../eventlog/embedded/create-embedded-event-log.ts'
import { readConfig } from '../config/read-config.ts'
import { requireSetting } from '../config/require-setting.ts'
import { runProcess } from '../processes/run-process.ts'
import { serveHealth } from '../processes/serve-health.ts'
import { watchLogDatabase } from '../processes/watch-log-database.ts'
import { untilStopped } from '../stack/until-stopped.ts'
import { eventlogScavengeCommand } from './eventlog-scavenge.ts'

interface Options {
  readonly json?: boolean
}

const schema = 'eventlog'

/** Runs the embedded event log alone. */
export function eventlogCommand(): Command {
  return new Command('eventlog')
    .description('run only the event log: a server of the EventStoreDB protocol on PostgreSQL')
    .option('--json', 'print JSON')
    .addCommand(eventlogScavengeCommand())
    .addHelpText(
      'after',
      `
Reads PROVENANT_DATABASE_URL, PROVENANT_HOST, PROVENANT_EVENTLOG_PORT (0: any free port) and
PROVENANT_METRICS_PORT (/health, /ready and /metrics). One server writes to a database at a time; it
has no authentication, so keep its port inside your network. Other processes reach it over
PROVENANT_EVENTSTORE_URL, which is printed.`,
    )
    .action((options: Options) =>
      runProcess(
        'eventlog',
        options,
        () => readConfig(process.env),
        async ({ config, reporter, signal }) => {
          const databaseUrl = requireSetting(config.databaseUrl, 'PROVENANT_DATABASE_URL')
          await using log = await createEmbeddedEventLog({
            ...{ databaseUrl, schema, host: config.host, port: config.ports.eventLog },
          })
          await using watch = watchLogDatabase(databaseUrl, schema)
          await using health = await serveHealth({
            ...{ process: 'eventlog', host: config.host, port: config.ports.metrics },
            status: () => ({ state: signal.aborted ? 'stopped' : 'running' }),
            ready: async () => ((await watch.answers()) ? [] : ['DATABASE_UNAVAILABLE']),
            metrics: watch.metrics,
            metricsType: watch.metricsType,
          })
          reporter.result(
            { url: log.connectionString, healthUrl: health.url },
            `Event log at ${log.connectionString}; health at ${health.url}`,
          )
          await untilStopped(signal)
        },
      ),
    )
}
