import { createEmbeddedEventLog } from '../../eventlog/embedded/create-embedded-event-log.ts'

// The event log as a service of its own, which runs before anything is measured.
const [databaseUrl = ''] = process.argv.slice(2)
const server = await createEmbeddedEventLog({ databaseUrl })
process.stdout.write(`${server.connectionString}\n`)
process.on('SIGTERM', () => {
  void server.close().then(() => process.exit(0))
})
