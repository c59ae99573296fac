import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import type { ChainFinality } from '../../schema/chain-finality.ts'
import { BaseError } from '../../schema/errors.ts'
import { rpcUrls } from './rpc-urls.ts'

const port = z.coerce.number().int().min(0).max(65_535)
const account = z.templateLiteral(['0x', z.string().regex(/^[0-9a-fA-F]{40}$/)])
const privateKey = z.templateLiteral(['0x', z.string().regex(/^[0-9a-fA-F]{64}$/)])

const schema = z.strictObject({
  /** Everything embedded keeps its data under this folder. */
  PROVENANT_DIR: z.string().min(1).optional(),
  PROVENANT_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  PROVENANT_EVENTSTORE_URL: z.url({ protocol: /^(esdb|kurrentdb)(\+discover)?$/ }).optional(),
  /** One or several, comma separated; the indexer asks the first healthy one. */
  PROVENANT_RPC_URL: rpcUrls.optional(),
  /** Calls per second to each URL. */
  PROVENANT_RPC_RATE_LIMIT: z.coerce.number().positive().max(1_000_000).optional(),
  /** Requests in flight to each URL. */
  PROVENANT_RPC_CONCURRENCY: z.coerce.number().int().min(1).max(1000).default(10),
  /** SQD Network gateway that history is read from. */
  PROVENANT_GATEWAY_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** File that names several chains for the indexer, instead of the five variables about one. */
  PROVENANT_CHAINS: z.string().min(1).optional(),
  PROVENANT_CHAIN_ID: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional(),
  PROVENANT_ARTIFACTS: z.string().min(1).optional(),
  PROVENANT_DEPLOYER_KEY: privateKey.optional(),
  PROVENANT_OPERATOR_KEY: privateKey.optional(),
  /** File with the contract addresses. */
  PROVENANT_DEPLOYMENT: z.string().min(1).optional(),
  /** GPU server that a gateway of its own asks. */
  PROVENANT_GPU_URL: z.url({ protocol: /^https?$/ }).optional(),
  PROVENANT_HOST: z.string().default('127.0.0.1'),
  PROVENANT_API_PORT: port.default(0),
  PROVENANT_GATEWAY_PORT: port.default(0),
  PROVENANT_GPU_PORT: port.default(0),
  PROVENANT_METRICS_PORT: port.default(0),
  PROVENANT_EVENTLOG_PORT: port.default(0),
  /** Blocks between node and tables from which on GraphQL says that it is not ready. */
  PROVENANT_MAX_LAG_BLOCKS: z.coerce.number().int().min(0).max(1_000_000).default(30),
  /** Who is paid the platform's and the stakers' parts; an engine of its own needs them. */
  PROVENANT_PLATFORM_ACCOUNT: account.optional(),
  PROVENANT_STAKERS_ACCOUNT: account.optional(),
  PROVENANT_WORKERS: z.coerce.number().int().min(1).max(64).default(2),
  PROVENANT_FINALITY: z
    .union([z.enum(['finalized', 'safe']), z.coerce.number().int().min(0).max(100_000)], {
      error: 'a number of blocks, finalized or safe',
    })
    .default(3),
  PROVENANT_SEED: z.coerce.number().int().min(0).max(0xffff_ffff).default(1),
  PROVENANT_LOG_LEVEL: z
    .enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'])
    .optional(),
})

/** What was read from the environment, validated and frozen; the only reader of the environment. */
export interface Config {
  readonly dir: string
  /** False when `dir` was made up for this run. */
  readonly dirIsGiven: boolean
  readonly databaseUrl: string | undefined
  readonly eventStoreUrl: string | undefined
  /** The first URL over HTTP, for everything but the indexer. */
  readonly rpcUrl: string | undefined
  /** All of them, in order of preference. */
  readonly rpcUrls: readonly string[]
  readonly rpcLimits: { readonly callsPerSecond?: number; readonly inFlight: number }
  readonly sqdGatewayUrl: string | undefined
  readonly chainsFile: string | undefined
  readonly chainId: number | undefined
  readonly artifactsDir: string
  readonly deployerKey: `0x${string}` | undefined
  readonly operatorKey: `0x${string}` | undefined
  readonly deploymentFile: string | undefined
  readonly gpuUrl: string | undefined
  readonly host: string
  readonly ports: {
    readonly api: number
    readonly gateway: number
    readonly gpu: number
    readonly metrics: number
    readonly eventLog: number
  }
  readonly maxLagBlocks: number
  readonly platformAccount: `0x${string}` | undefined
  readonly stakersAccount: `0x${string}` | undefined
  readonly workers: number
  /** Blocks after which a block counts as final; with a tag, as many as it takes on anvil. */
  readonly finality: number
  /** How the indexer tells final blocks: by that count, or by the node's tag. */
  readonly chainFinality: ChainFinality
  readonly seed: number
  /** Of a command that ends: `warn` if nothing is configured. */
  readonly logLevel: string
  /** Of a process that lasts: `info` if nothing is configured. */
  readonly processLogLevel: string
}

/**
 * Reads and validates the environment (variables with the prefix `PROVENANT_`).
 *
 * @param overrides Values of command-line flags by variable name; they win over the environment.
 * @throws `CONFIG_INVALID` naming the variable; unknown `PROVENANT_` variables are refused too.
 */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>>,
  overrides: Readonly<Record<string, string | undefined>> = {},
): Config {
  const given = Object.fromEntries(
    Object.entries({ ...environment, ...definedOnly(overrides) }).filter(
      ([key, value]) => key.startsWith('PROVENANT_') && value !== undefined && value !== '',
    ),
  )
  const parsed = schema.safeParse(given)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const variable =
      issue?.code === 'unrecognized_keys' ? issue.keys.join(', ') : String(issue?.path[0])
    throw new BaseError('CONFIG_INVALID', {
      facts: { variable, problem: issue?.message ?? 'unknown' },
    })
  }
  const value = parsed.data
  const dir = resolve(value.PROVENANT_DIR ?? join(tmpdir(), `provenant-${process.pid}`))
  return Object.freeze({
    dir,
    dirIsGiven: value.PROVENANT_DIR !== undefined,
    databaseUrl: value.PROVENANT_DATABASE_URL,
    eventStoreUrl: value.PROVENANT_EVENTSTORE_URL,
    rpcUrl: value.PROVENANT_RPC_URL?.find((url) => url.startsWith('http')),
    rpcUrls: Object.freeze(value.PROVENANT_RPC_URL ?? []),
    rpcLimits: Object.freeze({
      inFlight: value.PROVENANT_RPC_CONCURRENCY,
      ...(value.PROVENANT_RPC_RATE_LIMIT === undefined
        ? {}
        : { callsPerSecond: value.PROVENANT_RPC_RATE_LIMIT }),
    }),
    sqdGatewayUrl: value.PROVENANT_GATEWAY_URL,
    chainsFile: value.PROVENANT_CHAINS,
    chainId: value.PROVENANT_CHAIN_ID,
    artifactsDir: resolve(value.PROVENANT_ARTIFACTS ?? join(dir, 'artifacts')),
    deployerKey: value.PROVENANT_DEPLOYER_KEY as `0x${string}` | undefined,
    operatorKey: value.PROVENANT_OPERATOR_KEY as `0x${string}` | undefined,
    deploymentFile: value.PROVENANT_DEPLOYMENT,
    gpuUrl: value.PROVENANT_GPU_URL,
    host: value.PROVENANT_HOST,
    ports: Object.freeze({
      api: value.PROVENANT_API_PORT,
      gateway: value.PROVENANT_GATEWAY_PORT,
      gpu: value.PROVENANT_GPU_PORT,
      metrics: value.PROVENANT_METRICS_PORT,
      eventLog: value.PROVENANT_EVENTLOG_PORT,
    }),
    maxLagBlocks: value.PROVENANT_MAX_LAG_BLOCKS,
    platformAccount: value.PROVENANT_PLATFORM_ACCOUNT as `0x${string}` | undefined,
    stakersAccount: value.PROVENANT_STAKERS_ACCOUNT as `0x${string}` | undefined,
    workers: value.PROVENANT_WORKERS,
    finality: countOf(value.PROVENANT_FINALITY),
    chainFinality: value.PROVENANT_FINALITY,
    seed: value.PROVENANT_SEED,
    logLevel: value.PROVENANT_LOG_LEVEL ?? 'warn',
    processLogLevel: value.PROVENANT_LOG_LEVEL ?? 'info',
  })
}

/** An anvil finalises two epochs of 32 blocks late, and calls one epoch safe. */
function countOf(finality: ChainFinality): number {
  if (typeof finality === 'number') return finality
  return finality === 'finalized' ? 64 : 32
}

const definedOnly = (record: Readonly<Record<string, string | undefined>>) =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined))
