import { setTimeout as sleep } from 'node:timers/promises'
import { ChainHead } from '../schema/entities/chain-head.ts'
import { isErrorWithCode } from '../schema/errors.ts'
import type { NodeHead } from './context.ts'
import type { LiveTables } from './live-tables.ts'

/** Whether the server can answer, and if not, why. */
export interface Readiness {
  readonly ready: boolean
  /**
   * `DATABASE_UNAVAILABLE`, `SCHEMA_MISMATCH`, `INDEX_EMPTY` before the first block, or `lag`; empty
   * when all is well.
   */
  readonly missing: readonly string[]
  /** Newest block that the tables show. */
  readonly indexedBlock: number | null
  /** Null while the node is silent: the tables can be read without it. */
  readonly lagBlocks: number | null
}

const patienceMs = 2_000

/** Asks database and node, each for two seconds at most; never throws. */
export async function readReadiness(options: {
  readonly tables: Pick<LiveTables, 'current'>
  readonly chainId: number
  readonly readNodeHead: () => Promise<NodeHead | undefined>
  readonly maxLagBlocks: number
}): Promise<Readiness> {
  const { chainId, maxLagBlocks } = options
  const [tables, node] = await Promise.all([
    within(readHeight(options.tables, chainId), { problem: 'DATABASE_UNAVAILABLE' }),
    within(
      options.readNodeHead().catch(() => undefined),
      undefined,
    ),
  ])
  if ('problem' in tables)
    return { ready: false, missing: [tables.problem], indexedBlock: null, lagBlocks: null }
  const lagBlocks = node === undefined ? null : Math.max(0, node.number - tables.height)
  const missing = lagBlocks !== null && lagBlocks > maxLagBlocks ? ['lag'] : []
  return { ready: missing.length === 0, missing, indexedBlock: tables.height, lagBlocks }
}

async function readHeight(
  tables: Pick<LiveTables, 'current'>,
  chainId: number,
): Promise<{ readonly height: number } | { readonly problem: string }> {
  try {
    const source = await tables.current()
    const head = await source.getRepository(ChainHead).findOneBy({ chainId })
    return head === null ? { problem: 'INDEX_EMPTY' } : { height: head.indexedHeight }
  } catch (error) {
    return { problem: isErrorWithCode(error) ? error.code : 'DATABASE_UNAVAILABLE' }
  }
}

async function within<T, Late>(work: Promise<T>, late: Late): Promise<T | Late> {
  const over = new AbortController()
  try {
    return await Promise.race([
      work,
      sleep(patienceMs, late, { signal: over.signal }).catch(() => late),
    ])
  } finally {
    over.abort()
  }
}
