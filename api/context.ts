import type { DataSource } from 'typeorm'
import type { Loaders } from './loaders.ts'

/** Newest block of the node, as `_meta` compares it with the index. */
export interface NodeHead {
  readonly number: number
  readonly timestamp: number
}

/** What every resolver gets. */
export interface ApiContext {
  /** The tables that were live when the request began. */
  readonly source: DataSource
  readonly loaders: Loaders
  readonly chainId: number
  readonly readNodeHead: () => Promise<NodeHead | undefined>
  /** Seconds since 1970. */
  readonly now: () => number
}
