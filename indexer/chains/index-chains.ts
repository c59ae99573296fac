import type { Indexer, IndexerStatus } from '../source/create-indexer.ts'
import { type RunChainsOptions, type RunningChains, runChains } from './run-chains.ts'

/** The indexers of several chains in one process, each with its own stream. */
export type ChainIndexers = RunningChains<IndexerStatus, Indexer>

/** Creates one indexer per chain; a chain that fails does not stop the others. */
export const indexChains = (
  options: Omit<RunChainsOptions<IndexerStatus, Indexer>, 'follows'>,
): ChainIndexers =>
  runChains({ ...options, follows: ({ state, atHead }) => state === 'running' && atHead })
