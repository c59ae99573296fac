import type pg from 'pg'
import { chainStream } from '../../../schema/events/streams.ts'
import { watchedAddresses } from '../chain/contracts.ts'
import type { World } from '../world/world.ts'
import type { NodeLog } from './chain-fact.ts'
import { compareHead } from './compare-head.ts'
import { compareLog, foldLog } from './compare-log.ts'
import { compareTables } from './compare-tables.ts'
import { compareTotals } from './compare-totals.ts'
import { expectFacts } from './expect-facts.ts'
import { readLog } from './read-log.ts'

/** What chain, log and tables come to. */
export interface Verdict {
  /** Empty when all three agree. */
  readonly differences: readonly string[]
  readonly facts: number
  readonly revertedBlocks: number
}

/** Compares the node's logs with the log and with the tables, by code that the product does not use. */
export async function checkWorld(
  { chain, scenario }: World,
  database: pg.Client,
): Promise<Verdict> {
  const { chainId } = chain.deployment
  const logs = await chain.call<readonly NodeLog[]>('eth_getLogs', [
    { fromBlock: '0x0', toBlock: 'latest', address: watchedAddresses },
  ])
  const facts = expectFacts(chainId, logs)
  const { events, gaps } = await readLog(database, chainStream(chainId))
  const folded = foldLog(events)
  const differences = [
    ...gaps,
    ...compareLog(facts, folded),
    ...(await compareTables(facts, database)),
    ...(await compareTotals(facts, database)),
    ...(await compareHead(chain.call, scenario.setup.finality, database)),
  ]
  return { differences, facts: facts.length, revertedBlocks: folded.revertedBlocks }
}
