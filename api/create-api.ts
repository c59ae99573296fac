import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { EnvelopArmor } from '@escape.tech/graphql-armor'
import { renderGraphiQL } from '@graphql-yoga/render-graphiql'
import { createSchema, createYoga } from 'graphql-yoga'
import type { Logger } from 'pino'
import type { ApiContext, NodeHead } from './context.ts'
import { openLiveTables } from './live-tables.ts'
import { createLoaders } from './loaders.ts'
import { maskError } from './plugins/mask-error.ts'
import { resolvers } from './resolvers/resolvers.ts'

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
}

export interface Api {
  readonly url: string
  readonly port: number
  /** Answers a request without a network port. */
  fetch(request: Request): Promise<Response>
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
 */
export async function createApi(options: ApiOptions): Promise<Api> {
  const tables = await openLiveTables(options.databaseUrl)
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
    plugins: limits.plugins,
    maskedErrors: { maskError: maskError(options.logger) },
    healthCheckEndpoint: '/health',
    landingPage: false,
    // The page that yoga links to by default loads from a CDN; this one is self-contained.
    renderGraphiQL,
    graphiql: { title: 'Provenant', defaultQuery: exampleQuery },
    logging: false,
  })
  const server = createServer(yoga)
  const host = options.host ?? '127.0.0.1'
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, host, resolve)
  })
  const { port } = server.address() as AddressInfo
  let closing: Promise<void> | undefined
  const close = () =>
    (closing ??= (async () => {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
      await tables.close()
    })())
  return {
    url: `http://${host}:${port}/graphql`,
    port,
    fetch: async (request) => yoga.fetch(request),
    close,
    [Symbol.asyncDispose]: close,
  }
}
