import type { ChainStatus } from '../../indexer/chains/run-chains.ts'

/** What `/health` says of the chains: of a single one flat, of several one by one. */
export function describeChains<Status extends { readonly state: string }>(
  chains: readonly ChainStatus<Status>[],
  expected: number,
): { readonly state: string } {
  const [only] = chains
  const flat = ({ chainId, status, failure }: ChainStatus<Status>) => ({
    chainId,
    ...status,
    ...(failure === undefined ? {} : { failure }),
  })
  if (expected === 1 && only !== undefined) return flat(only)
  const states = new Set(chains.map(({ status }) => status.state))
  const [state = 'idle'] = states
  const alike = states.size === 0 || (states.size === 1 && chains.length === expected)
  return { state: alike ? state : 'degraded', ...{ chains: chains.map(flat) } }
}
