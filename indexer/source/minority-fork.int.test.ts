import { afterEach, expect, test } from 'vitest'
import { startTestChain } from '../../test/support/chain.ts'
import { type ChainLab, startChainLab } from '../../test/support/chain-lab.ts'
import { startFaultyRpc } from '../../test/support/faulty-rpc.ts'
import { compareChainWithLog } from '../verify/compare-chain-with-log.ts'
import { foldLiveLog } from '../verify/fold-live-log.ts'
import { connectNode } from './chain-node.ts'

const open: AsyncDisposable[] = []

afterEach(async () => {
  for (const resource of open.splice(0).reverse()) await resource[Symbol.asyncDispose]()
})

const keep = <T extends AsyncDisposable>(resource: T): T => {
  open.push(resource)
  return resource
}

/** Two nodes of one chain that parted below the last final block, and a log of the first one. */
async function partedNodes(): Promise<{ lab: ChainLab; fork: string; parting: number }> {
  const lab = keep(await startChainLab())
  await lab.mine(2)
  const parting = await lab.height()
  for (let i = 0; i < 14; i++) await lab.mine(1)
  const indexer = lab.indexer()
  const run = indexer.run()
  await indexer.indexed(parting + 7, { final: true })
  await indexer.close()
  await run
  const args = ['--fork-url', lab.rpcUrl, '--fork-block-number', String(parting), '--no-mining']
  const other = keep(await startTestChain({ chainId: lab.chainId, args }))
  const ask = (method: string, params: readonly unknown[]) =>
    fetch(other.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
  await ask('anvil_mine', ['0x14'])
  return { lab, fork: other.url, parting }
}

async function differences(lab: ChainLab, rpcUrl: string): Promise<number> {
  const { token: _, ...contracts } = lab.deployment.addresses
  const live = await foldLiveLog(lab.eventLog, lab.chainId)
  const found = await compareChainWithLog({
    ...{ node: connectNode(rpcUrl), chainId: lab.chainId, contracts, live },
    startBlock: lab.deployment.blockNumber,
  })
  return found.differences.length + live.twice.length
}

test('one of two nodes on a fork at final height is left for the one that the log agrees with', async () => {
  const { lab, fork } = await partedNodes()
  await using indexer = lab.indexer({ rpcUrl: [fork, lab.rpcUrl] })
  const run = indexer.run()
  await lab.mine(1)
  await indexer.indexed(await lab.height())
  await expect
    .poll(() => lab.compare(), { timeout: 10_000 })
    .toMatchObject({ missing: [], extra: [], duplicates: [], reverts: 0 })
  const status = indexer.status()
  expect(status).toMatchObject({ deepReorgs: 0, lastError: 'CHAIN_DISPUTED' })
  expect(status.disputes).toBeGreaterThan(0)
  expect(status.rpcEndpoints?.map(({ state }) => state)).toEqual(['forked', 'ready'])
  await indexer.close()
  await run
})

test('what two of three nodes say is followed', async () => {
  const { lab, fork } = await partedNodes()
  await using same = await startFaultyRpc({ target: fork, seed: 1 })
  await using indexer = lab.indexer({ rpcUrl: [fork, lab.rpcUrl, same.url] })
  const run = indexer.run()
  await expect.poll(() => differences(lab, fork), { timeout: 10_000 }).toBe(0)
  expect(indexer.status()).toMatchObject({ deepReorgs: 1, disputes: 0 })
  await indexer.close()
  await run
})

test('one node alone is believed after a while, with one URL at once', async () => {
  const { lab, fork, parting } = await partedNodes()
  await using silent = await startFaultyRpc({ target: lab.rpcUrl, seed: 1, faults: { down: true } })
  const before = (await lab.events()).length
  const limits = { rpcLimits: { backoffMs: 10, patienceMs: 100 } }
  const waiting = lab.indexer({ rpcUrl: [silent.url, fork], ...limits })
  const run = waiting.run()
  await expect.poll(() => waiting.status().disputes, { timeout: 5000 }).toBeGreaterThan(1)
  await waiting.close()
  await run
  expect((await lab.events()).length).toBe(before)

  await using patient = lab.indexer({
    ...{ rpcUrl: [silent.url, fork], ...limits, loneNodeMs: 300, cursorMs: 0 },
  })
  const healed = patient.run()
  await expect.poll(() => differences(lab, fork), { timeout: 10_000 }).toBe(0)
  // Its fork is final in the log too, or leaving it would be no deep reorg.
  await patient.indexed(parting + 8, { final: true })
  expect(patient.status().deepReorgs).toBe(1)
  await patient.close()
  await healed

  // The log is higher than this node was when the other one was left.
  for (let i = 0; i < 10; i++) await lab.mine(1)
  await using alone = lab.indexer({ rpcUrl: lab.rpcUrl })
  const back = alone.run()
  await expect.poll(() => differences(lab, lab.rpcUrl), { timeout: 10_000 }).toBe(0)
  expect(alone.status()).toMatchObject({ deepReorgs: 1, disputes: 0 })
  await alone.close()
  await back
})
