import { afterEach, expect, test } from 'vitest'
import { type ChainLab, startChainLab } from '../../test/support/chain-lab.ts'
import { type FaultyRpc, startFaultyRpc } from '../../test/support/faulty-rpc.ts'
import type { Indexer, IndexerOptions } from './create-indexer.ts'

const open: AsyncDisposable[] = []

afterEach(async () => {
  for (const resource of open.splice(0).reverse()) await resource[Symbol.asyncDispose]()
})

const keep = <T extends AsyncDisposable>(resource: T): T => {
  open.push(resource)
  return resource
}

const clean = { missing: [], extra: [], duplicates: [] }
const agreed = (lab: ChainLab) =>
  expect.poll(() => lab.compare(), { timeout: 10_000, interval: 20 }).toMatchObject(clean)

/** A lab with some blocks, and an indexer that has seen them. */
async function follow(
  options: (lab: ChainLab, proxy: FaultyRpc) => Partial<IndexerOptions>,
  args: readonly string[] = [],
): Promise<{ lab: ChainLab; proxy: FaultyRpc; indexer: Indexer }> {
  const lab = keep(await startChainLab({ args }))
  const proxy = keep(await startFaultyRpc({ target: lab.rpcUrl, seed: 1 }))
  for (let i = 0; i < 12; i++) await lab.mine(2)
  const indexer = keep(lab.indexer(options(lab, proxy)))
  indexer.run().catch(() => undefined)
  await indexer.indexed(await lab.height())
  await agreed(lab)
  return { lab, proxy, indexer }
}

test.each(['http', 'ws'])(
  'over %s a fork of the same height and a shorter one are seen without a further block',
  async (scheme) => {
    const { lab, indexer } = await follow((at) => ({
      rpcUrl: at.rpcUrl.replace('http', scheme),
    }))
    await lab.rpc('anvil_reorg', [3, [[lab.datanetTransaction(), 0]]])
    await expect.poll(() => indexer.status().revertedBlocks, { timeout: 5000 }).toBe(3)
    await agreed(lab)

    const snapshot = await lab.rpc('evm_snapshot')
    for (let i = 0; i < 4; i++) await lab.mine(1)
    await indexer.indexed(await lab.height())
    await lab.rpc('evm_revert', [snapshot])
    await lab.mine(3)
    await lab.mine(1)
    await agreed(lab)
    expect(indexer.status()).toMatchObject({ revertedBlocks: 7, restarts: 0, deepReorgs: 0 })

    await lab.mine(1)
    await indexer.indexed(await lab.height())
    await agreed(lab)
  },
)

test('with finality 0 a replaced block is seen without a further one', async () => {
  const { lab, indexer } = await follow(() => ({ finality: 0 }))
  await lab.rpc('anvil_reorg', [2, [[lab.datanetTransaction(), 0]]])
  await agreed(lab)
  expect(indexer.status()).toMatchObject({ deepReorgs: 1, restarts: 0 })
  await lab.mine(2)
  await indexer.indexed(await lab.height())
  await agreed(lab)
})

test('a replica that falls behind is no reorg, alone or with others', async () => {
  const { lab, proxy, indexer } = await follow((_, { url }) => ({ rpcUrl: url }))
  for (const lag of [1, 3, 20, 2]) {
    proxy.set({ lag })
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  proxy.set({})
  await lab.mine(1)
  await indexer.indexed(await lab.height())
  expect(await lab.compare()).toMatchObject({ ...clean, reverts: 0 })

  const both = keep(
    lab.indexer({ rpcUrl: [proxy.url, lab.rpcUrl], rpcLimits: { lagBlocks: 3, compareMs: 50 } }),
  )
  await indexer.close()
  both.run().catch(() => undefined)
  await both.indexed(await lab.height())
  proxy.set({ lag: 8 })
  for (let i = 0; i < 5; i++) await lab.mine(1)
  await both.indexed(await lab.height())
  expect(both.status().rpcHost).toBe(new URL(lab.rpcUrl).host)
  expect(await lab.compare()).toMatchObject({ ...clean, reverts: 0 })
})

test.each([
  ['finalized', 2],
  ['safe', 1],
] as const)('finality by the tag %s is what the node says', async (finality, lag) => {
  const { lab, indexer } = await follow(() => ({ finality }), ['--slots-in-an-epoch', '1'])
  for (let i = 0; i < 3; i++) {
    await lab.mine(1)
    const height = await lab.height()
    await indexer.indexed(height)
    expect(indexer.status().finalizedHeight).toBe(height - lag)
    expect(
      BigInt((await lab.rpc<{ number: string }>('eth_getBlockByNumber', [finality, false])).number),
    ).toBe(BigInt(indexer.status().finalizedHeight))
  }
  await lab.rpc('anvil_reorg', [lag, [[lab.datanetTransaction(), 0]]])
  await agreed(lab)
  expect(indexer.status()).toMatchObject({ revertedBlocks: lag, deepReorgs: 0, restarts: 0 })
  await lab.rpc('anvil_reorg', [6, []])
  await lab.mine(1)
  await agreed(lab)
  expect(indexer.status().deepReorgs).toBe(1)
})

test('a cut WebSocket is left for HTTP and taken up again, and no head is missed', async () => {
  const { lab, proxy, indexer } = await follow((at, { wsUrl }) => ({
    rpcUrl: [wsUrl, at.rpcUrl],
    rpcLimits: { backoffMs: 50 },
  }))
  const host = new URL(proxy.url).host
  expect(indexer.status().rpcHost).toBe(host)
  proxy.cutSockets()
  await lab.mine(2)
  await indexer.indexed(await lab.height())
  proxy.set({ down: true })
  await lab.mine(1)
  await indexer.indexed(await lab.height())
  expect(indexer.status().rpcHost).not.toBe(host)
  proxy.set({})
  await expect.poll(() => indexer.status().rpcHost, { timeout: 5000 }).toBe(host)
  await lab.mine(1)
  await indexer.indexed(await lab.height())
  expect(await lab.compare()).toMatchObject({ ...clean, reverts: 0 })
  expect(indexer.status().restarts).toBe(0)
})
