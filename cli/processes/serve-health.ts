import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { BaseError } from '../../schema/errors.ts'
import { bigintAsText } from '../console/reporter.ts'

/** HTTP server with nothing but `/health`. */
export interface HealthServer extends AsyncDisposable {
  readonly url: string
}

/**
 * Serves what a process without a port of its own says about itself; 503 once it has stopped.
 *
 * @throws `PORT_UNAVAILABLE`
 */
export async function serveHealth(options: {
  readonly host: string
  readonly port: number
  readonly status: () => { readonly state: string }
}): Promise<HealthServer> {
  const { host, port } = options
  const server = createServer((request, response) => {
    const known = request.url === '/health'
    const status = options.status()
    response.writeHead(known ? (status.state === 'stopped' ? 503 : 200) : 404, {
      'content-type': 'application/json',
      connection: 'close',
    })
    response.end(JSON.stringify(known ? status : { error: 'only /health' }, bigintAsText))
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
