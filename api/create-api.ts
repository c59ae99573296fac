import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { EnvelopArmor } from '@escape.tech/graphql-armor'
import { renderGraphiQL } from '@graphql-yoga/render-graphiql'
import { createSchema, createYoga } from 'graphql-yoga'
import type { Logger } from 'pino'
import { BaseError } from '../schema/errors.ts'
import { createApiMetrics } from './api-metrics.ts'
import type { ApiContext, NodeHead } from './context.ts'
import { drainServer } from './drain-server.ts'
import { openLiveTables } from './live-tables.ts'
import { createLoaders } from './loaders.ts'
import { countResults } from './plugins/count-results.ts'
import { maskError } from './plugins/mask-error.ts'
import { type Readiness, readReadiness } from './readiness.ts'
import { resolvers } from './resolvers/resolvers.ts'
import { serveStatus } from './serve-status.ts'

export interface ApiOptions {
  readonly databaseUrl: string
  readonly chainId: number
  /** Reads the node's head for `_meta`; undefined when the node is silent. */
  readonly readNodeHead: () => Promise<NodeHead | undefined>
  readonly logger: Logger
  /** 0 lets the OS choose. @default 0 */
  readonly port?: number
  /** @default '127.0.0.1' */
  readonly host?: string
  /** Blocks between node and tables from which on `/ready` is 503. @default 30 */
  readonly maxLagBlocks?: number
}

export interface Api {
  readonly url: string
  readonly port: number
  /** Answers a request without a network port. */
  fetch(request: Request): Promise<Response>
  /** What `/ready` answers. */
  readiness(): Promise<Readiness>
  /** Refuses new requests, lets running ones finish for up to 4 s, then ends them; idempotent. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** What the query editor shows at first. */
const exampleQuery = `# Where did the newest answers come from, and who was paid?
{
  _meta { indexedBlock finalizedBlock lagBlocks }
  inferences(first: 3) {
    nodes {
      id fee
      model { name }
      attribution {
        rule
        rows { rowId z contributor { account } }
        shares { role amount account }
      }
    }
  }
}
`

/** The SDL that clients program against. */
export const typeDefinitions = readFileSync(
  new URL('../schema/graphql/provenance.graphql', import.meta.url),
  'utf8',
)

/**
 * Starts the read-only GraphQL server over the projected tables.
 *
 * Each request reads the tables that are live when it begins, to its end.
 *
 * @throws `DATABASE_UNAVAILABLE` when the database does not answer.
 * @throws `SCHEMA_MISMATCH` when the tables are of another version.
 * @throws `PORT_UNAVAILABLE`
 */
export async function createApi(options: ApiOptions): Promise<Api> {
  const tables = await openLiveTables(options.databaseUrl)
  const metrics = createApiMetrics()
  const readiness = () =>
    readReadiness({
      ...{ tables, chainId: options.chainId, readNodeHead: options.readNodeHead },
      maxLagBlocks: options.maxLagBlocks ?? 30,
    })
  const limits = new EnvelopArmor({
    maxDepth: { n: 10 },
    maxAliases: { n: 15 },
    maxTokens: { n: 1000 },
    costLimit: { maxCost: 50_000, objectCost: 2, scalarCost: 1, depthCostFactor: 1.5 },
  }).protect()
  const yoga = createYoga({
    schema: createSchema<ApiContext>({ typeDefs: typeDefinitions, resolvers }),
    context: async (): Promise<ApiContext> => {
      const source = await tables.current()
      return {
        source,
        loaders: createLoaders(source),
        chainId: options.chainId,
        readNodeHead: options.readNodeHead,
        now: () => Math.floor(Date.now() / 1000),
      }
    },
    plugins: [...limits.plugins, countResults(metrics)],
    maskedErrors: { maskError: maskError(options.logger) },
    landingPage: false,
    // The page that yoga links to by default loads from a CDN; this one is self-contained.
    renderGraphiQL,
    graphiql: { title: 'Provenant', defaultQuery: exampleQuery },
    logging: false,
  })
  let closing: Promise<void> | undefined
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const [path = '/'] = (request.url ?? '/').split('?')
    const sources = { metrics, readReadiness: readiness, closing: closing !== undefined }
    if (await serveStatus(path, response, sources)) return
    if (closing !== undefined) {
      refuse(response)
      return
    }
    const answered = metrics.started()
    response.once('close', answered)
    await yoga(request, response)
  }
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      options.logger.error({ err: error }, 'a request failed')
      response.destroy()
    })
  })
  const host = options.host ?? '127.0.0.1'
  const port = await listen(server, host, options.port ?? 0).catch(async (error: unknown) => {
    await tables.close()
    throw error
  })
  const close = () =>
    (closing ??= (async () => {
      await drainServer(server)
      await tables.close()
    })())
  return {
    url: `http://${host}:${port}/graphql`,
    port,
    fetch: async (request) => yoga.fetch(request),
    readiness,
    close,
    [Symbol.asyncDispose]: close,
  }
}

function refuse(response: ServerResponse): void {
  const { code, message, docs } = new BaseError('SERVER_CLOSING').toJSON()
  const error = { message, extensions: { code, docs } }
  response
    .writeHead(503, { 'content-type': 'application/json', connection: 'close', 'retry-after': '1' })
    .end(JSON.stringify({ errors: [error] }))
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new BaseError('PORT_UNAVAILABLE', { facts: { host, port }, cause })),
    )
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
  })
}
