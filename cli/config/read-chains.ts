import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import type { ChainFinality } from '../../schema/chain-finality.ts'
import { BaseError } from '../../schema/errors.ts'
import { fillVariables } from './fill-variables.ts'
import { rpcUrl } from './rpc-urls.ts'

/** What the indexer needs to know of one of several chains. */
export interface ChainConfig {
  readonly chainId: number
  /** In order of preference. */
  readonly rpcUrls: readonly string[]
  readonly rpcLimits: { readonly callsPerSecond?: number; readonly inFlight: number }
  readonly gatewayUrl: string | undefined
  /** Where its tables are; each chain has a database of its own. */
  readonly databaseUrl: string | undefined
  readonly finality: ChainFinality
  /** File with the contract addresses; the one of this package if undefined. */
  readonly deploymentFile: string | undefined
}

const text = (environment: Environment) =>
  z.string().transform((value, context) => {
    const filled = fillVariables(value, environment)
    if ('text' in filled) return filled.text
    context.issues.push({ code: 'custom', message: `${filled.missing} is not set`, input: value })
    return z.NEVER
  })

type Environment = Readonly<Record<string, string | undefined>>

const chainSchema = (environment: Environment) =>
  z.strictObject({
    chainId: z.int().positive(),
    rpcUrl: z
      .union([text(environment).transform((url) => [url]), z.array(text(environment)).min(1)])
      .pipe(z.array(rpcUrl)),
    deployment: z.string().min(1).optional(),
    finality: z.union([z.enum(['finalized', 'safe']), z.int().min(0).max(100_000)]).default(3),
    gatewayUrl: text(environment)
      .pipe(z.url({ protocol: /^https?$/ }))
      .optional(),
    databaseUrl: text(environment)
      .pipe(z.url({ protocol: /^postgres(ql)?$/ }))
      .optional(),
    rateLimit: z.number().positive().max(1_000_000).optional(),
    concurrency: z.int().min(1).max(1000).default(10),
  })

/**
 * Reads the file that names several chains: `{"chains": [{"chainId", "rpcUrl", …}]}`.
 *
 * `${NAME}` in a URL stands for a variable of the environment, so that API keys stay out of the file;
 * paths of deployments are relative to it.
 *
 * @throws `CONFIG_INVALID` with the path of the first wrong field; never with a URL.
 */
export async function readChains(
  file: string,
  environment: Environment,
): Promise<readonly ChainConfig[]> {
  const schema = z.strictObject({ chains: z.array(chainSchema(environment)).min(1) })
  const parsed = schema.safeParse(await readJson(file))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const field =
      issue?.code === 'unrecognized_keys'
        ? [...issue.path, ...issue.keys].join('.')
        : issue?.path.join('.')
    throw invalid(file, { field, problem: issue?.message })
  }
  const seen = new Set<number | string>()
  for (const { chainId, databaseUrl } of parsed.data.chains) {
    if (databaseUrl !== undefined && seen.has(databaseUrl))
      throw invalid(file, { field: 'databaseUrl', problem: 'two chains in one database' })
    if (databaseUrl !== undefined) seen.add(databaseUrl)
    if (seen.has(chainId))
      throw invalid(file, { field: 'chainId', problem: `${chainId} is there twice` })
    seen.add(chainId)
  }
  return parsed.data.chains.map((chain) => {
    const { chainId, rpcUrl: rpcUrls, finality, gatewayUrl, databaseUrl, deployment } = chain
    const { rateLimit, concurrency } = chain
    return {
      ...{ chainId, rpcUrls, gatewayUrl, databaseUrl, finality },
      rpcLimits: {
        inFlight: concurrency,
        ...(rateLimit === undefined ? {} : { callsPerSecond: rateLimit }),
      },
      deploymentFile: deployment === undefined ? undefined : resolve(dirname(file), deployment),
    }
  })
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as unknown
  } catch (cause) {
    throw invalid(file, { problem: 'not a file with JSON' }, cause)
  }
}

const invalid = (file: string, facts: object, cause?: unknown) =>
  new BaseError('CONFIG_INVALID', {
    facts: { variable: 'PROVENANT_CHAINS', file, ...facts },
    cause,
  })
