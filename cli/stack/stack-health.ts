import type { ProjectorMetrics } from '../../indexer/project/projector-metrics.ts'
import type { ChainsMetrics } from '../../indexer/source/chains-metrics.ts'
import type { HealthSources } from '../processes/serve-health.ts'
import { checkHealth } from './check-health.ts'
import type { Stack } from './start-stack.ts'

/**
 * Says how all parts of one process are. GraphQL, gateway and GPU server have metrics on ports of
 * their own; here are those of the parts without a port.
 */
export function stackHealth(
  stack: Pick<Stack, 'indexer' | 'projector' | 'eventLog' | 'api' | 'gateway' | 'gpu'> & {
    readonly chainId: number
  },
  metrics: { readonly indexer: ChainsMetrics; readonly projector: ProjectorMetrics },
): HealthSources {
  const { indexer, projector, eventLog, chainId, api, gateway, gpu } = stack
  const states = () => [indexer.status().state, projector.status().state]
  return {
    status: () => ({
      state: states().includes('stopped') ? 'stopped' : 'running',
      indexer: indexer.status(),
      projector: projector.status(),
      urls: { graphql: api.url, gateway: gateway.url, gpu: gpu.url },
    }),
    async ready() {
      const [graphql, gatewayAnswers, gpuAnswers] = await Promise.all([
        api.readiness(),
        checkHealth(`${gateway.url}/health`),
        checkHealth(`${gpu.url}/ready`),
      ])
      const follows = indexer.status().state === 'running' && indexer.status().atHead
      const projects = projector.status().state === 'running' && projector.status().caughtUp
      return [
        ...(follows ? [] : ['indexer']),
        ...(projects ? [] : ['projector']),
        ...graphql.missing.map((reason) => `graphql: ${reason}`),
        ...(gatewayAnswers ? [] : ['gateway']),
        ...(gpuAnswers ? [] : ['gpu']),
      ]
    },
    async metrics() {
      const texts = [
        metrics.indexer.render([{ chainId, status: indexer.status() }]),
        metrics.projector.render([{ chainId, status: projector.status(), eventLog }]),
      ]
      return (await Promise.all(texts)).join('')
    },
    metricsType: metrics.indexer.contentType,
  }
}
