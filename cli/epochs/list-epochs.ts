import { queryGraphql } from '../graphql/query-graphql.ts'

/** An epoch as the tables show it. */
export interface ListedEpoch {
  readonly id: string
  readonly status: 'closed' | 'proposed' | 'disputed' | 'rejected' | 'active'
  readonly root: string
  readonly totalEarned: string
  readonly manifestHash: string
  readonly fromBlock: number
  readonly toBlock: number
  readonly calls: number | null
  /** Seconds since 1970; null while it is not proposed. */
  readonly activatesAt: number | null
}

/** Lists the newest epochs, newest first. */
export async function listEpochs(apiUrl: string, count: number): Promise<readonly ListedEpoch[]> {
  const { epochs } = await queryGraphql<{ epochs: { nodes: ListedEpoch[] } }>(
    apiUrl,
    `query ($count: Int!) { epochs(first: $count) { nodes {
      id status root totalEarned manifestHash fromBlock toBlock calls activatesAt
    } } }`,
    { count },
  )
  return epochs.nodes
}
