import type { ChainFinality } from '../../../schema/chain-finality.ts'
import type { RpcFaults } from '../../support/faulty-rpc.ts'
import type { HeadFaults } from '../links/head-faults.ts'

/** A process of the product that runs on its own. */
export type Role = 'indexer' | 'event-log' | 'projector'

/** A connection that a scenario may cut, hold or slow. */
export type Link = 'node' | 'indexer-log' | 'projector-log' | 'log-database' | 'tables-database'

/** What a new chain looks like compared with the one it replaces. */
export type ForkShape = 'same' | 'longer' | 'shorter'

/** One thing that happens; all times are milliseconds, `after` counts from the process's start. */
export type Step =
  | { readonly do: 'mine'; readonly blocks: number; readonly events: number; readonly gap?: number }
  | { readonly do: 'pause'; readonly ms: number }
  /** Waits until catch-up has begun. */
  | { readonly do: 'first-append' }
  /** Waits until log and tables are where the chain is; a scenario that never is goes on. */
  | { readonly do: 'settle' }
  | { readonly do: 'kill'; readonly who: Role; readonly after: number; readonly down: number }
  | { readonly do: 'freeze'; readonly who: Role; readonly ms: number }
  | { readonly do: 'rival'; readonly who: 'indexer' | 'projector'; readonly ms: number }
  | { readonly do: 'kill-postgres'; readonly what: 'server' | 'backend'; readonly down: number }
  | { readonly do: 'restart-node'; readonly lost: number; readonly down: number }
  | { readonly do: 'rpc'; readonly faults: RpcFaults }
  | { readonly do: 'heads'; readonly faults: HeadFaults }
  | { readonly do: 'cut'; readonly link: Link; readonly down: number }
  | { readonly do: 'hold'; readonly link: Link; readonly ms: number }
  | {
      readonly do: 'reorg'
      readonly shape: ForkShape
      readonly depth: number
      readonly events: number
      /** The node is not heard while it changes forks, so the new one appears at once. */
      readonly atOnce: boolean
    }
  | { readonly do: 'chain-clock'; readonly seconds: number }
  | { readonly do: 'process-clock'; readonly who: Role; readonly seconds: number }
  | { readonly do: 'disk'; readonly free: number | 'all'; readonly newLogFile: boolean }

export interface Setup {
  readonly transport: 'http' | 'ws' | 'ws+http'
  /** Blocks on top of a final one, or the node's tag, which lags 2 blocks then (`safe`: 1). */
  readonly finality: ChainFinality
  /** Blocks that are there before anything starts, every `spread`-th with `events` events. */
  readonly history: { readonly blocks: number; readonly spread: number; readonly events: number }
  /** Log and tables have the history before the first step; else it happens during catch-up. */
  readonly settled: boolean
  /** The database lies on a volume of its own that can run full. */
  readonly smallVolume: boolean
}

/** All that happens in one scenario; it follows from seed and id. */
export interface Scenario {
  readonly id: number
  readonly seed: number
  readonly kind: string
  readonly setup: Setup
  readonly steps: readonly Step[]
}

/** What a kind decides; the rest of the setup has defaults. */
export interface Plan {
  readonly setup?: Partial<Setup>
  readonly steps: readonly Step[]
}
