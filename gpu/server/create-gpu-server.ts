import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { BaseError } from '../../schema/errors.ts'
import { startDecodeEngine } from '../decode/decode-engine.ts'
import { createGpuApp } from './gpu-app.ts'
import { createModelRegistry } from './model-registry.ts'
import type { ServerLogger } from './server-logger.ts'

// Less than the 5 s after which supervisors kill.
const graceMs = 3500
const closeMs = 4200
// Longer than clients keep idle connections; Node's 5 s resets requests sent just as it closes one.
const keepAliveMs = 75_000

export interface GpuServerOptions {
  /** The base model, in Hugging Face layout. */
  readonly model: { readonly name: string; readonly directory: string }
  /** PEFT directories to serve from the start. */
  readonly adapters?: readonly { readonly name: string; readonly directory: string }[]
  /** Restricts adapters loaded over HTTP to this directory; set it where callers are not trusted. */
  readonly adapterRoot?: string
  /** 0 takes any free port. */
  readonly port: number
  /** Default 127.0.0.1: loading adapters is open to every caller. */
  readonly host?: string
  readonly threads?: number
  /** Adapters in memory at the same time; default 128. */
  readonly poolRows?: number
  /** Completions computed at the same time; default 32. */
  readonly slots?: number
  /** Largest adapter rank; default 16. */
  readonly rank?: number
  /** Completions that may wait; default 1024. */
  readonly maxQueued?: number
  readonly logger: ServerLogger
}

export interface GpuServer extends AsyncDisposable {
  readonly url: string
  readonly port: number
  /** Refuses new requests, lets running ones finish for up to 3.5 s, then ends them; idempotent. */
  close(): Promise<void>
}

/**
 * Loads the models and serves them over HTTP (OpenAI and vLLM routes).
 *
 * Throws `MODEL_INVALID`, `ADAPTER_INVALID` or `SAFETENSORS_INVALID` for files that cannot be
 * served, `PORT_UNAVAILABLE` if the port is taken.
 */
export async function createGpuServer(options: GpuServerOptions): Promise<GpuServer> {
  const { model, adapters = [], adapterRoot, port, host = '127.0.0.1', logger } = options
  const engine = await startDecodeEngine({
    modelDirectory: model.directory,
    ...definedOnly({
      threads: options.threads,
      poolRows: options.poolRows,
      slots: options.slots,
      rank: options.rank,
      maxQueued: options.maxQueued,
    }),
  })
  try {
    const models = createModelRegistry({ engine, base: model })
    for (const { name, directory } of adapters) await models.load(name, directory)
    const app = createGpuApp({ engine, models, logger, ...definedOnly({ adapterRoot }) })
    const server = createAdaptorServer({ fetch: app.fetch }) as Server
    server.keepAliveTimeout = keepAliveMs
    const address = await listen(server, port, host)
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`
    logger.info({ url, model: model.name, adapters: adapters.length }, 'GPU server listens')
    let closing: Promise<void> | undefined
    const close = (): Promise<void> => {
      closing ??= (async () => {
        const closed = once(server, 'close')
        server.close()
        const sweep = setInterval(() => server.closeIdleConnections(), 50)
        const cut = setTimeout(() => server.closeAllConnections(), closeMs)
        await engine.close(graceMs)
        await closed
        clearInterval(sweep)
        clearTimeout(cut)
        logger.info({ url }, 'GPU server closed')
      })()
      return closing
    }
    return { url, port: address.port, close, [Symbol.asyncDispose]: close }
  } catch (error) {
    await engine.close()
    throw error
  }
}

async function listen(server: Server, port: number, host: string): Promise<AddressInfo> {
  try {
    server.listen(port, host)
    await once(server, 'listening')
    return server.address() as AddressInfo
  } catch (cause) {
    throw new BaseError('PORT_UNAVAILABLE', { facts: { host, port }, cause })
  }
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

const definedOnly = <T extends object>(fields: T): Defined<T> =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Defined<T>
