import { readEngineStatus } from '../../engine/epoch/read-engine-status.ts'
import { foldChainFacts } from '../../engine/state/fold-chain-facts.ts'
import { readChainFacts } from '../../engine/state/read-chain-facts.ts'
import { type ListedEpoch, listEpochs } from '../epochs/list-epochs.ts'
import { queryGraphql } from '../graphql/query-graphql.ts'
import { checkHealth } from './check-health.ts'
import type { RunningStack } from './connect-stack.ts'
import { type ProcessStatus, readProcessStatus } from './read-process-status.ts'

interface Meta {
  readonly chainHead: number | null
  readonly indexedBlock: number
  readonly finalizedBlock: number
  readonly lagBlocks: number | null
}

/** How a running stack is. */
export interface StackStatus {
  /** True if every part answers and, where the process tells, follows the chain. */
  readonly ok: boolean
  /** What the process of all parts says; undefined when it does not say anything. */
  readonly process: ProcessStatus | undefined
  readonly parts: Readonly<Record<'graphql' | 'gateway' | 'gpu', boolean>>
  /** Undefined while GraphQL is down. */
  readonly meta: Meta | undefined
  /** Models with how many versions they have. */
  readonly models: readonly { readonly name: string; readonly versions: number }[]
  readonly datanets: readonly { readonly id: string; readonly uri: string }[]
  /** Recorded in final blocks; `open` ones are in no epoch yet. */
  readonly calls: { readonly recorded: number; readonly open: number }
  readonly epochs: readonly ListedEpoch[]
}

const statusQuery = `{
  _meta { chainHead indexedBlock finalizedBlock lagBlocks }
  models(first: 50) { nodes { name versions { version } } }
  datanets(first: 50) { nodes { id uri } }
}`

/** Asks every part of a running stack how it is; a silent one is reported, not thrown. */
export async function readStackStatus(stack: RunningStack): Promise<StackStatus> {
  const { state, eventLog, artifacts } = stack
  const { chainId } = state
  const [process, graphql, gateway, gpu] = await Promise.all([
    state.healthUrl === undefined ? undefined : readProcessStatus(state.healthUrl),
    checkHealth(new URL('/health', state.apiUrl).href),
    checkHealth(`${state.gatewayUrl}/health`),
    checkHealth(`${state.gpuUrl}/health`),
  ])
  const tables = graphql ? await readTables(state.apiUrl) : undefined
  const read = await readChainFacts(eventLog, chainId, { artifacts })
  const { open } = await readEngineStatus({ eventLog, artifacts, chainId })
  return {
    ok: graphql && gateway && gpu && process?.ready !== false,
    process,
    parts: { graphql, gateway, gpu },
    meta: tables?._meta,
    models: (tables?.models.nodes ?? []).map(({ name, versions }) => ({
      ...{ name, versions: versions.length },
    })),
    datanets: tables?.datanets.nodes ?? [],
    calls: { recorded: foldChainFacts(read?.facts ?? []).calls.length, open: open.calls },
    epochs: graphql ? await listEpochs(state.apiUrl, 10) : [],
  }
}

const readTables = (apiUrl: string) =>
  queryGraphql<{
    _meta: Meta
    models: { nodes: { name: string; versions: unknown[] }[] }
    datanets: { nodes: { id: string; uri: string }[] }
  }>(apiUrl, statusQuery)
