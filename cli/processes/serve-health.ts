import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { BaseError, isErrorWithCode } from '../../schema/errors.ts'
import { bigintAsText } from '../console/reporter.ts'

/** HTTP server with `/health`, `/ready` and `/metrics`. */
export interface HealthServer extends AsyncDisposable {
  readonly url: string
}

/** True or an empty list of what is missing: ready. */
export type ReadyAnswer = boolean | readonly string[]

export interface HealthSources {
  /** What the process says of itself; `/health` is 503 once it has stopped. */
  readonly status: () => { readonly state: string }
  /** It has caught up and follows; `/ready` is 503 while not. */
  readonly ready: () => ReadyAnswer | Promise<ReadyAnswer>
  readonly metrics: () => Promise<string>
  readonly metricsType: string
}

/**
 * Serves what a process without a port of its own says about itself.
 *
 * @param options.process name of the process, for those who ask several.
 * @throws `PORT_UNAVAILABLE`
 */
export async function serveHealth(
  options: HealthSources & {
    readonly host: string
    readonly port: number
    readonly process?: string
  },
): Promise<HealthServer> {
  const { host, port } = options
  const server = createServer((request, response) => {
    answer(options, request.url, response).catch((error: unknown) => {
      const code = isErrorWithCode(error) ? error.code : 'INTERNAL'
      response.writeHead(500, { connection: 'close' }).end(JSON.stringify({ error: code }))
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new BaseError('PORT_UNAVAILABLE', { facts: { host, port }, cause })),
    )
    server.listen(port, host, resolve)
  })
  const address = server.address() as AddressInfo
  return {
    url: `http://${host}:${address.port}/health`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

async function answer(
  sources: HealthSources & { readonly process?: string },
  path = '/',
  response: ServerResponse,
): Promise<void> {
  const name = sources.process === undefined ? {} : { process: sources.process }
  const send = (code: number, body: object) =>
    response
      .writeHead(code, { 'content-type': 'application/json', connection: 'close' })
      .end(JSON.stringify({ ...name, ...body }, bigintAsText))
  if (path === '/health') {
    const status = sources.status()
    send(status.state === 'stopped' ? 503 : 200, status)
  } else if (path === '/ready') {
    const found = await sources.ready()
    const missing = typeof found === 'boolean' ? undefined : found
    const ready = missing === undefined ? found === true : missing.length === 0
    send(ready ? 200 : 503, { ready, missing, ...sources.status() })
  } else if (path === '/metrics') {
    const text = await sources.metrics()
    response.writeHead(200, { 'content-type': sources.metricsType, connection: 'close' }).end(text)
  } else send(404, { error: 'only /health, /ready and /metrics' })
}
