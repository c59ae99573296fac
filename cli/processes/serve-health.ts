import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { BaseError } from '../../schema/errors.ts'
import { bigintAsText } from '../console/reporter.ts'

/** HTTP server with `/health`, `/ready` and `/metrics`. */
export interface HealthServer extends AsyncDisposable {
  readonly url: string
}

export interface HealthSources {
  /** What the process says of itself; `/health` is 503 once it has stopped. */
  readonly status: () => { readonly state: string }
  /** It has caught up and follows; `/ready` is 503 while not. */
  readonly ready: () => boolean
  readonly metrics: () => Promise<string>
  readonly metricsType: string
}

/**
 * Serves what a process without a port of its own says about itself.
 *
 * @throws `PORT_UNAVAILABLE`
 */
export async function serveHealth(
  options: HealthSources & { readonly host: string; readonly port: number },
): Promise<HealthServer> {
  const { host, port } = options
  const server = createServer((request, response) => {
    answer(options, request.url, response).catch((error: unknown) => {
      response.writeHead(500, { connection: 'close' }).end(String(error))
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

async function answer(sources: HealthSources, path = '/', response: ServerResponse): Promise<void> {
  const status = sources.status()
  const send = (code: number, body: unknown) =>
    response
      .writeHead(code, { 'content-type': 'application/json', connection: 'close' })
      .end(JSON.stringify(body, bigintAsText))
  if (path === '/health') send(status.state === 'stopped' ? 503 : 200, status)
  else if (path === '/ready')
    send(sources.ready() ? 200 : 503, { ready: sources.ready(), ...status })
  else if (path === '/metrics') {
    const text = await sources.metrics()
    response.writeHead(200, { 'content-type': sources.metricsType, connection: 'close' }).end(text)
  } else send(404, { error: 'only /health, /ready and /metrics' })
}
