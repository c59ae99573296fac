import {
  createPublicClient,
  createWalletClient,
  defineChain,
  encodeFunctionData,
  type Hex,
  http,
  keccak256,
  toHex,
} from 'viem'
import { afterEach, expect, test } from 'vitest'
import {
  datanetRegistryAbi,
  datanetRegistryBytecode,
} from '../../contracts/abi/datanet-registry.ts'
import { registryProxyAbi, registryProxyBytecode } from '../../contracts/abi/registry-proxy.ts'
import type { Deployment } from '../../schema/deployment.ts'
import { BaseError } from '../../schema/errors.ts'
import { type ChainLab, startChainLab } from '../../test/support/chain-lab.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { startFaultyRpc } from '../../test/support/faulty-rpc.ts'
import { connectDatabase } from '../project/connect-database.ts'
import { createProjector } from '../project/create-projector.ts'
import { migrate } from '../project/migrate.ts'
import { compareChainWithLog } from '../verify/compare-chain-with-log.ts'
import { foldLiveLog } from '../verify/fold-live-log.ts'
import { verifyTables } from '../verify/verify-tables.ts'
import { connectNode } from './chain-node.ts'
import type { IndexerOptions } from './create-indexer.ts'

const open: AsyncDisposable[] = []

afterEach(async () => {
  for (const resource of open.splice(0).reverse()) await resource[Symbol.asyncDispose]()
})

const keep = <T extends AsyncDisposable>(resource: T): T => {
  open.push(resource)
  return resource
}

interface Successor {
  readonly address: Hex
  readonly deployment: Deployment
  /** Mines one block with a Datanet of the successor. */
  mine(): Promise<void>
}

/** Deploys a second registry, which counts from 1 as the first one did; its ids below 3 are foreign. */
async function deploySuccessor(lab: ChainLab): Promise<Successor> {
  const chain = defineChain({
    ...{ id: lab.chainId, name: 'lab', rpcUrls: { default: { http: [lab.rpcUrl] } } },
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
  })
  const transport = http(lab.rpcUrl)
  const account = lab.accounts[0]!
  const wallet = createWalletClient({ account, chain, transport })
  const client = createPublicClient({ chain, transport, pollingInterval: 20 })
  const { access } = lab.deployment.addresses
  const deploy = async (sent: Promise<Hex>) => {
    const hash = await sent
    await lab.mine()
    return (await client.getTransactionReceipt({ hash })).contractAddress!.toLowerCase() as Hex
  }
  const code = await deploy(
    wallet.deployContract({ abi: datanetRegistryAbi, bytecode: datanetRegistryBytecode }),
  )
  const data = encodeFunctionData({
    ...{ abi: datanetRegistryAbi, functionName: 'initialize', args: [access] },
  })
  const address = await deploy(
    wallet.deployContract({
      ...{ abi: registryProxyAbi, bytecode: registryProxyBytecode, args: [code, data] },
    }),
  )
  const fromBlock = await lab.height()
  const firstIds = { datanetId: '3', contributionId: '1' }
  let made = 0
  return {
    address,
    deployment: {
      ...lab.deployment,
      added: [{ contract: 'datanets', address, fromBlock, firstIds }],
    },
    async mine() {
      made += 1
      const args = [keccak256(toHex(made)), `later://${made}`, 1] as const
      await wallet.writeContract({
        ...{ abi: datanetRegistryAbi, address, functionName: 'createDatanet', args },
        gas: 300_000n,
      })
      await lab.mine()
    },
  }
}

/** Compares every contract of a deployment with the log. */
async function compare(lab: ChainLab, { addresses, added }: Deployment) {
  const { token: _, ...contracts } = addresses
  const live = await foldLiveLog(lab.eventLog, lab.chainId)
  const found = await compareChainWithLog({
    ...{ node: connectNode(lab.rpcUrl), chainId: lab.chainId, contracts, added, live },
    startBlock: lab.deployment.blockNumber,
  })
  return { ...found, twice: live.twice }
}

const clean = { differences: [], twice: [] }

/** Runs an indexer until the log has the head. */
async function catchUp(lab: ChainLab, options: Partial<IndexerOptions> = {}) {
  const indexer = keep(lab.indexer(options))
  const run = indexer.run()
  run.catch(() => undefined)
  await indexer.indexed(await lab.height())
  return { indexer, run }
}

const later = async (lab: ChainLab) =>
  (await lab.events()).filter(({ metadata }) => metadata['late'] === true)

test('what a contract said before it was named comes behind the log, once, and is folded right', async () => {
  const lab = keep(await startChainLab())
  await lab.mine(2)
  const successor = await deploySuccessor(lab)
  for (let i = 0; i < 4; i++) await successor.mine()
  for (let i = 0; i < 9; i++) await lab.mine()
  const { indexer } = await catchUp(lab)
  const before = await lab.events()
  indexer.useDeployment(successor.deployment)
  await expect.poll(async () => (await later(lab)).length, { timeout: 10_000 }).toBe(8)
  await successor.mine()
  await indexer.indexed(await lab.height())
  await expect
    .poll(() => compare(lab, successor.deployment), { timeout: 5000 })
    .toMatchObject(clean)

  const events = await lab.events()
  expect(events.slice(0, before.length)).toEqual(before)
  expect(events.filter(({ type }) => type === 'BlockReverted')).toEqual([])
  const facts = events.filter(({ metadata }) => metadata['contract'] === successor.address)
  expect(facts.map(({ type }) => type)).toEqual([
    ...Array(4).fill('UndecodableLog'),
    ...Array(3).fill(['DatanetCreated', 'DatanetConfigured']).flat(),
  ])
  expect(indexer.status()).toMatchObject({ restarts: 0, revertedBlocks: 0 })

  await indexer.close()
  const length = (await lab.events()).length
  await catchUp(lab, { deployment: successor.deployment })
  expect((await later(lab)).length).toBe(8)
  expect((await lab.events()).length).toBeLessThanOrEqual(length + 1)

  await using tables = await createTestDatabase()
  await migrate(tables.url)
  const { eventLog, chainId } = lab
  await using projector = createProjector({ databaseUrl: tables.url, eventLog, chainId })
  const running = projector.run()
  await expect.poll(() => projector.status().caughtUp, { timeout: 5000 }).toBe(true)
  expect(await verifyTables({ databaseUrl: tables.url, eventLog, chainId })).toMatchObject({
    ...{ differences: [], folded: [] },
  })
  const source = await connectDatabase(tables.url, 1)
  const rows = await source.query('SELECT id::int, uri FROM datanet ORDER BY id')
  await source.destroy()
  expect(rows.slice(2)).toEqual([3, 4, 5].map((id) => ({ id, uri: `later://${id}` })))
  await projector.close()
  await running
})

test('forks of late blocks are undone, shallow ones and those below finality', async () => {
  const lab = keep(await startChainLab())
  await lab.mine(2)
  const successor = await deploySuccessor(lab)
  for (let i = 0; i < 12; i++) await successor.mine()
  const { indexer } = await catchUp(lab)
  indexer.useDeployment(successor.deployment)
  const agreed = () =>
    expect.poll(() => compare(lab, successor.deployment), { timeout: 10_000 }).toMatchObject(clean)
  await agreed()
  expect((await later(lab)).length).toBeGreaterThan(8)
  for (const depth of [2, 8]) {
    await lab.rpc('anvil_reorg', [depth, [[lab.datanetTransaction(), 0]]])
    await lab.mine(1)
    await agreed()
    await successor.mine()
    await indexer.indexed(await lab.height())
    await agreed()
  }
  expect(indexer.status().deepReorgs).toBe(1)
})

test('a past that is interrupted goes on where it ended, and another one comes after it', async () => {
  const lab = keep(await startChainLab())
  await lab.mine(2)
  const first = await deploySuccessor(lab)
  for (let i = 0; i < 6; i++) {
    await first.mine()
    await lab.rpc('anvil_mine', ['0xa'])
  }
  const { indexer } = await catchUp(lab)
  await indexer.close()
  await using proxy = await startFaultyRpc({
    ...{ target: lab.rpcUrl, seed: 1, faults: { rangeLimit: 12 } },
  })
  let appends = 0
  const { eventLog } = lab
  const failing: typeof eventLog = {
    ...eventLog,
    append(stream, events, options) {
      if (events.some(({ metadata }) => metadata?.['late'] === true)) appends += 1
      if (appends === 2) return Promise.reject(new BaseError('EVENT_LOG_TIMEOUT'))
      return eventLog.append(stream, events, options)
    },
  }
  const { deployment } = first
  const options = { deployment, eventLog: failing, rpcUrl: proxy.url }
  const { indexer: cut } = await catchUp(lab, options)
  await expect.poll(() => compare(lab, deployment), { timeout: 10_000 }).toMatchObject(clean)
  expect(appends).toBeGreaterThan(2)
  expect(cut.status().restarts).toBe(1)
  await cut.close()
  const second = await deploySuccessor(lab)
  await second.mine()
  const both = {
    ...lab.deployment,
    added: [
      ...(first.deployment.added ?? []),
      ...(second.deployment.added ?? []).map((one) => ({
        ...one,
        firstIds: { datanetId: '100', contributionId: '100' },
      })),
    ],
  }
  await catchUp(lab, { deployment: both })
  await expect.poll(() => compare(lab, both), { timeout: 5000 }).toMatchObject(clean)
})

test('a deployment without a contract that the log is about is refused', async () => {
  const lab = keep(await startChainLab())
  const successor = await deploySuccessor(lab)
  await successor.mine()
  const { indexer } = await catchUp(lab, { deployment: successor.deployment })
  expect(() => indexer.useDeployment(lab.deployment)).toThrow(
    expect.objectContaining({ code: 'DEPLOYMENT_INCOMPLETE' }),
  )
  await indexer.close()
  await using without = lab.indexer()
  await expect(without.run()).rejects.toMatchObject({ code: 'DEPLOYMENT_INCOMPLETE' })
  const moved = { ...lab.deployment.addresses, proposals: `0x${'9'.repeat(40)}` as const }
  await using other = lab.indexer({ deployment: { ...successor.deployment, addresses: moved } })
  await expect(other.run()).rejects.toMatchObject({ code: 'DEPLOYMENT_INCOMPLETE' })
})
