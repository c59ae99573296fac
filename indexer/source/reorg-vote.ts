import { BaseError } from '../../schema/errors.ts'
import type { BlockId } from '../store/chain-cursor.ts'
import { readHeader } from './chain-node.ts'
import type { RpcEndpoint } from './rpc-endpoint.ts'
import type { RpcPool } from './rpc-pool.ts'

export interface ReorgVoteOptions {
  readonly pool: RpcPool
  /** How long one node alone has to say so while the others are silent. @default 60000 */
  readonly loneNodeMs?: number
  /** Milliseconds of a clock that does not jump. */
  readonly now: () => number
}

/** Decides whether a final block of the log has left the chain. */
export interface ReorgVote {
  /**
   * Resolves when the nodes agree that the block was replaced. Nodes on another fork than the one
   * that is agreed on are avoided for a while.
   *
   * @throws `CHAIN_DISPUTED`
   */
  confirm(block: BlockId): Promise<void>
}

/**
 * Asks all nodes of a pool about a block that one of them has replaced.
 *
 * More than half of those that answer have to name the same other block. A pool of one URL has
 * nobody else to ask, and is believed.
 */
export function reorgVote({ pool, loneNodeMs = 60_000, now }: ReorgVoteOptions): ReorgVote {
  let aloneSince: number | undefined
  return {
    async confirm({ height, hash }) {
      if (pool.size <= 1) return
      const answers = await pool.poll((client) => readHeader(client, height))
      const votes = new Map<string, RpcEndpoint[]>()
      for (const { endpoint, answer } of answers)
        if (answer !== undefined)
          votes.set(answer.hash, [...(votes.get(answer.hash) ?? []), endpoint])
      const voters = [...votes.values()].flat()
      const disputed = () =>
        new BaseError('CHAIN_DISPUTED', {
          facts: {
            height,
            inLog: nameAll(votes.get(hash) ?? []),
            replaced: nameAll(voters.filter((one) => votes.get(hash)?.includes(one) !== true)),
          },
        })
      if (voters.length <= 1) {
        aloneSince ??= now()
        if (voters.length === 1 && now() - aloneSince >= loneNodeMs) return
        throw disputed()
      }
      aloneSince = undefined
      const [agreed] = [...votes].find(([, ones]) => ones.length * 2 > voters.length) ?? []
      // As many for it as against it: the log stays, and those that have its block are followed.
      const followed = agreed ?? (votes.has(hash) ? hash : undefined)
      for (const [other, endpoints] of votes)
        if (followed !== undefined && other !== followed)
          for (const one of endpoints) pool.avoid(one)
      if (agreed === undefined || agreed === hash) throw disputed()
    },
  }
}

const nameAll = (endpoints: readonly RpcEndpoint[]): string =>
  endpoints.map(({ host }) => host).join(', ') || 'none'
