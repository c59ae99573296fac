import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ChainLab, startChainLab } from '../../test/support/chain-lab.ts'

let lab: ChainLab

beforeAll(async () => {
  lab = await startChainLab()
})

afterAll(() => lab[Symbol.asyncDispose]())

const clean = { missing: [], extra: [], duplicates: [] }

test('history and head come into the log once, whatever restarts in between', async () => {
  for (let i = 0; i < 20; i++) await lab.mine(3)
  {
    await using indexer = lab.indexer()
    const run = indexer.run()
    await indexer.indexed(await lab.height())
    await lab.mine(2)
    await indexer.indexed(await lab.height())
    expect(await lab.compare()).toMatchObject({ ...clean, reverts: 0 })
    await indexer.close()
    await run
    expect(indexer.status().state).toBe('stopped')
  }
  const before = (await lab.events()).length
  await using indexer = lab.indexer()
  const run = indexer.run()
  await expect.poll(() => indexer.status().atHead, { timeout: 5000 }).toBe(true)
  await lab.mine(1)
  await indexer.indexed(await lab.height())
  expect(await lab.compare()).toMatchObject({ ...clean, reverts: 0 })
  expect((await lab.events()).length).toBeLessThanOrEqual(before + 4)
  await indexer.close()
  await run
})

test('a fork of equal height, a shorter chain, a kill and a fork below finality all heal', async () => {
  const abort = new AbortController()
  let indexer = lab.indexer()
  let run = indexer.run(abort.signal)
  await indexer.indexed(await lab.height())

  await lab.rpc('anvil_reorg', [3, [[lab.datanetTransaction(), 0]]])
  await lab.mine(1)
  await expect.poll(() => lab.compare(), { timeout: 5000 }).toMatchObject(clean)
  expect(indexer.status().revertedBlocks).toBe(3)

  const snapshot = await lab.rpc('evm_snapshot')
  for (let i = 0; i < 4; i++) await lab.mine(2)
  await indexer.indexed(await lab.height())
  await lab.rpc('evm_revert', [snapshot])
  for (let i = 0; i < 6; i++) await lab.mine(3)
  await expect.poll(() => lab.compare(), { timeout: 5000 }).toMatchObject(clean)
  expect(indexer.status()).toMatchObject({ revertedBlocks: 7, restarts: 0 })

  abort.abort()
  await run
  indexer = lab.indexer()
  run = indexer.run()
  await lab.mine(1)
  await indexer.indexed(await lab.height())
  expect(await lab.compare()).toMatchObject({ ...clean, reverts: 7 })

  await lab.rpc('anvil_reorg', [9, []])
  await lab.mine(1)
  await expect.poll(() => lab.compare(), { timeout: 10_000 }).toMatchObject(clean)
  expect(indexer.status().deepReorgs).toBe(1)
  await lab.mine(2)
  await indexer.indexed(await lab.height())
  expect(await lab.compare()).toMatchObject(clean)
  await indexer.close()
  await run
})

test('with finality 0 every block is final at once', async () => {
  await using other = await startChainLab()
  await using indexer = other.indexer({ finality: 0 })
  const run = indexer.run()
  await other.mine(2)
  await indexer.indexed(await other.height(), { final: true })
  await other.mine(1)
  await indexer.indexed(await other.height(), { final: true })
  expect(await other.compare()).toMatchObject({ ...clean, reverts: 0 })
  await indexer.close()
  await run
})

test('waiting for a block ends when the indexer stops or the caller gives up', async () => {
  await using indexer = lab.indexer()
  const run = indexer.run()
  const stopped = expect(indexer.indexed(10_000)).rejects.toMatchObject({ code: 'INDEXER_STOPPED' })
  await expect(indexer.indexed(10_000, { signal: AbortSignal.timeout(20) })).rejects.toMatchObject({
    name: 'TimeoutError',
  })
  await indexer.close()
  await Promise.all([run, stopped])
})

test('a node of another chain is refused before anything is written', async () => {
  const before = (await lab.events()).length
  await using indexer = lab.indexer({ chainId: lab.chainId + 1 })
  await expect(indexer.run()).rejects.toMatchObject({ code: 'WRONG_CHAIN_ID' })
  expect((await lab.events()).length).toBe(before)
})

test('a node that is down at the start is NODE_UNAVAILABLE', async () => {
  await using indexer = lab.indexer({ rpcUrl: 'http://127.0.0.1:1' })
  await expect(indexer.run()).rejects.toMatchObject({ code: 'NODE_UNAVAILABLE' })
})
