import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chainStream } from '../../schema/events/streams.ts'
import { type ChainLab, startChainLab } from '../../test/support/chain-lab.ts'

let lab: ChainLab

beforeAll(async () => {
  lab = await startChainLab()
})

afterAll(() => lab[Symbol.asyncDispose]())

function startProcess() {
  const { rpcUrl, chainId, deployment, eventLogUrl } = lab
  const options = {
    rpcUrl,
    chainId,
    deployment,
    eventLogUrl,
    finality: 3,
    pollMs: 20,
    cursorMs: 50,
  }
  const script = fileURLToPath(new URL('indexer-process.fixture.ts', import.meta.url))
  return spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify(options)], {
    stdio: 'ignore',
  })
}

const written = async () => (await lab.eventLog.readLast(chainStream(lab.chainId)))?.revision ?? -1n

test('killed while it appends history and at the head, it loses nothing and writes nothing twice', async () => {
  for (let i = 0; i < 12; i++) await lab.mine(50)
  for (const pause of [0, 40]) {
    const before = await written()
    const child = startProcess()
    await expect.poll(written, { timeout: 20_000, interval: 2 }).toBeGreaterThan(before)
    for (let i = 0; i < 5; i++) await lab.mine(pause === 0 ? 0 : 2)
    await new Promise((resolve) => setTimeout(resolve, pause))
    child.kill('SIGKILL')
    await once(child, 'exit')
    await lab.mine(1)
  }
  await using indexer = lab.indexer({ finality: 3 })
  const run = indexer.run()
  await lab.mine(1)
  await indexer.indexed(await lab.height())
  expect(await lab.compare()).toMatchObject({ missing: [], extra: [], duplicates: [], reverts: 0 })
  await indexer.close()
  await run
})
