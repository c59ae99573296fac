import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { type Deployment, parseDeployment } from '../../schema/deployment.ts'
import { BaseError } from '../../schema/errors.ts'
import { isAlive } from './is-alive.ts'

const schema = z.object({
  pid: z.int().positive(),
  seed: z.int().nonnegative(),
  chainId: z.int().positive(),
  /** Blocks after which a block counts as final. */
  finality: z.int().nonnegative(),
  /** Worker threads of an engine. */
  workers: z.int().positive(),
  rpcUrl: z.url(),
  /** True when the node is our own anvil, which takes development commands. */
  development: z.boolean(),
  databaseUrl: z.string(),
  eventLogUrl: z.string(),
  artifactsDir: z.string(),
  apiUrl: z.url(),
  gatewayUrl: z.url(),
  gpuUrl: z.url(),
  /** Of the process that runs all parts; beside it are `/ready` and `/metrics`. */
  healthUrl: z.url().optional(),
  deployment: z.unknown(),
})

/** Where a running Provenant is reached; written by `up`, read by the other commands. */
export interface RunState extends Omit<z.infer<typeof schema>, 'deployment'> {
  readonly deployment: Deployment
}

const fileName = 'provenant.json'

/** Writes the state in one step, so that a reader never sees half of it. */
export async function writeRunState(dir: string, state: RunState): Promise<void> {
  const temporary = join(dir, `${fileName}.tmp`)
  await writeFile(temporary, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 })
  await rename(temporary, join(dir, fileName))
}

/**
 * Reads the state of the Provenant that runs in `dir`.
 *
 * @throws `STACK_NOT_RUNNING` when there is none or its process is gone.
 */
export async function readRunState(dir: string): Promise<RunState> {
  const text = await readFile(join(dir, fileName), 'utf8').catch((cause: unknown) => {
    throw new BaseError('STACK_NOT_RUNNING', { facts: { dir }, cause })
  })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new BaseError('STACK_NOT_RUNNING', { facts: { dir, file: fileName }, cause })
  }
  const parsed = schema.safeParse(value)
  if (!parsed.success || !isAlive(parsed.data.pid))
    throw new BaseError('STACK_NOT_RUNNING', { facts: { dir } })
  return { ...parsed.data, deployment: parseDeployment(parsed.data.deployment) }
}

/** Removes the state file at the end of a run. */
export async function removeRunState(dir: string): Promise<void> {
  await rm(join(dir, fileName), { force: true })
}
