import { nameHosts, rpcHost } from '../../indexer/source/rpc-host.ts'
import type { Config } from '../config/read-config.ts'

/** What a process says of its configuration: hosts instead of URLs, and of keys that they are set. */
export function describeConfig(config: Config): Readonly<Record<string, unknown>> {
  const { databaseUrl, eventStoreUrl, sqdGatewayUrl, gpuUrl, ports } = config
  const facts = {
    dir: config.dirIsGiven ? config.dir : undefined,
    rpcHosts: config.rpcUrls.length === 0 ? undefined : nameHosts(config.rpcUrls),
    sqdGateway: sqdGatewayUrl && rpcHost(sqdGatewayUrl),
    chainId: config.chainId,
    database: databaseUrl && `${rpcHost(databaseUrl)}${new URL(databaseUrl).pathname}`,
    eventStore: eventStoreUrl && rpcHost(eventStoreUrl),
    gpu: gpuUrl && rpcHost(gpuUrl),
    artifacts: config.artifactsDir,
    deployment: config.deploymentFile,
    operatorKey: config.operatorKey && 'set',
    deployerKey: config.deployerKey && 'set',
    host: config.host,
    ports,
    finality: config.chainFinality,
    workers: config.workers,
  }
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined))
}
