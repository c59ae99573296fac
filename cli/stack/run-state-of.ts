import type { Config } from '../config/read-config.ts'
import type { RunState } from './run-state.ts'
import type { Stack } from './start-stack.ts'

/**
 * Describes a running stack for the other commands.
 *
 * @param healthUrl where the process tells how all parts are, if it does.
 */
export function runStateOf(stack: Stack, config: Config, healthUrl?: string): RunState {
  const { services, deployment } = stack
  return {
    pid: process.pid,
    seed: config.seed,
    finality: config.finality,
    workers: config.workers,
    chainId: services.chain.chainId,
    rpcUrl: services.chain.rpcUrl,
    development: services.dev !== undefined,
    databaseUrl: services.databaseUrl,
    eventLogUrl: services.eventLogUrl,
    artifactsDir: config.artifactsDir,
    apiUrl: stack.api.url,
    gatewayUrl: stack.gateway.url,
    gpuUrl: stack.gpu.url,
    ...(healthUrl === undefined ? {} : { healthUrl }),
    deployment,
  }
}
