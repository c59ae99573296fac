import { createEventLog } from '../../../eventlog/client/create-event-log.ts'
import { connectNode } from '../../../indexer/source/chain-node.ts'
import { compareChainWithLog } from '../../../indexer/verify/compare-chain-with-log.ts'
import { foldLiveLog } from '../../../indexer/verify/fold-live-log.ts'
import { verifyTables } from '../../../indexer/verify/verify-tables.ts'
import type { World } from '../world/world.ts'

/** Asks the product's own `verify` too: it has to see agreement where there is agreement. */
export async function verifyWorld(world: World): Promise<readonly string[]> {
  const { chain, databaseUrl, options } = world
  const { chainId, blockNumber, addresses } = chain.deployment
  const log = options['event-log']
  const port = log.role === 'event-log' ? log.port : 0
  await using eventLog = createEventLog({ connectionString: `esdb://127.0.0.1:${port}?tls=false` })
  const { token: _, ...contracts } = addresses
  const live = await foldLiveLog(eventLog, chainId)
  const node = connectNode(`http://127.0.0.1:${chain.port}`)
  const onChain = await compareChainWithLog({
    ...{ node, chainId, contracts, startBlock: blockNumber, live },
  })
  const inTables = await verifyTables({ databaseUrl, eventLog, chainId })
  return [
    ...[...onChain.differences, ...inTables.differences].map(
      ({ between, kind, what, id, height }) =>
        `verify: ${between}: ${kind} ${what} ${id} of block ${height}`,
    ),
    ...inTables.folded.map((table) => `verify: totals of ${table} do not follow from the facts`),
  ]
}
