import { createEmbeddedEventLog } from './create-embedded-event-log.ts'

// A server in a process of its own, for tests that kill or stop it.
const [databaseUrl = '', port = '0'] = process.argv.slice(2)
const server = await createEmbeddedEventLog({ databaseUrl, port: Number(port) })
process.stdout.write(`${server.port}\n`)
