import { createEmbeddedEventLog } from '../../eventlog/embedded/create-embedded-event-log.ts'

// A server in a process of its own, as in production: it shares no thread with the client.
const [databaseUrl = ''] = process.argv.slice(2)
const server = await createEmbeddedEventLog({ databaseUrl })
process.stdout.write(`${server.connectionString}\n`)
process.on('SIGTERM', () => {
  void server.close().then(() => process.exit(0))
})
