import { setTimeout as sleep } from 'node:timers/promises'
import type { BurstChain } from '../burst-chain.ts'
import { blockSeconds, eventsOfBlock, type Incident, incidentsOf } from './day-traffic.ts'
import type { BenchStack } from './start-stack.ts'

/** Blocks that the indexer may be behind the node before the node waits for it. */
const mostBehind = 8
const patienceMs = 120_000

/**
 * Lets a chain grow as it does in a day, faster: a block is mined as soon as the indexer is near the
 * head, so that it sees every block as a new one. Blocks are replaced and the node is restarted on
 * the way.
 */
export async function simulateDay(
  chain: BurstChain,
  stack: BenchStack,
  blocks: number,
  report: (line: string) => void,
): Promise<void> {
  const incidents = incidentsOf(blocks)
  await keepTime(chain)
  for (let block = 0; block < blocks; block++) {
    const events = eventsOfBlock(block, blocks)
    if (events > 0) await chain.queue(events)
    await chain.rpc('evm_mine')
    const incident = incidents.get(block)
    if (incident !== undefined) {
      await untilIndexed(chain, stack, 0)
      await happen(chain, stack, incident)
      report(`day: block ${block}, ${incident.kind} survived`)
    } else if (block % 4 === 0) await untilIndexed(chain, stack, mostBehind)
    if (block % 4320 === 4319) report(`day: ${block + 1} blocks`)
  }
  // The last events become final.
  for (let i = 0; i < 16; i++) await chain.rpc('evm_mine')
  await untilIndexed(chain, stack, 0)
}

const keepTime = (chain: BurstChain) => chain.rpc('anvil_setBlockTimestampInterval', [blockSeconds])

async function happen(chain: BurstChain, stack: BenchStack, incident: Incident): Promise<void> {
  if (incident.kind === 'restart') {
    const { timestamp } = await chain.rpc<{ timestamp: string }>('eth_getBlockByNumber', [
      'latest',
      false,
    ])
    await chain.restart()
    // The node's clock starts over.
    await keepTime(chain)
    await chain.rpc('evm_setNextBlockTimestamp', [Number(timestamp) + blockSeconds])
    return
  }
  const { depth } = incident
  const snapshot = await chain.rpc('evm_snapshot')
  // Empty blocks would be replaced by the same ones.
  for (let i = 0; i < depth; i++) await chain.burst(2)
  await untilIndexed(chain, stack, 0)
  if (incident.kind === 'reorg') await chain.rpc('anvil_reorg', [depth, []])
  else await chain.rpc('evm_revert', [snapshot])
  // Whether a chain was cut off or a replica lags shows with the blocks that follow.
  for (let i = 0; i <= depth; i++) await chain.burst(3)
  await untilIndexed(chain, stack, 0)
}

async function untilIndexed(chain: BurstChain, stack: BenchStack, behind: number): Promise<void> {
  const height = await chain.height()
  for (const started = performance.now(); ; ) {
    const status = await Promise.race([stack.health('indexer'), stack.ended])
    if (Number(status['height']) >= height - behind) return
    if (performance.now() - started > patienceMs)
      throw new Error(`stuck below block ${height}: ${JSON.stringify(status)}`)
    await sleep(5)
  }
}
