import {
  type Abi,
  createPublicClient,
  createWalletClient,
  defineChain,
  type Hex,
  http,
  keccak256,
  type PrivateKeyAccount,
  toHex,
} from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { agentStakingAbi } from '../contracts/abi/agent-staking.ts'
import { datanetRegistryAbi } from '../contracts/abi/datanet-registry.ts'
import { inferenceEscrowAbi } from '../contracts/abi/inference-escrow.ts'
import { inferenceLedgerAbi } from '../contracts/abi/inference-ledger.ts'
import { modelRegistryAbi } from '../contracts/abi/model-registry.ts'
import { provenantTokenAbi } from '../contracts/abi/provenant-token.ts'
import { rewardsDistributorAbi } from '../contracts/abi/rewards-distributor.ts'
import { packCalls } from '../schema/codec/packed-calls.ts'
import {
  emptyChain,
  extendChain,
  type Voucher,
  voucherDomain,
  voucherTypes,
} from '../schema/codec/voucher.ts'
import { Batch } from '../schema/entities/batch.ts'
import { ChainHead } from '../schema/entities/chain-head.ts'
import { Contribution } from '../schema/entities/contribution.ts'
import { Epoch } from '../schema/entities/epoch.ts'
import { EpochLeaf } from '../schema/entities/epoch-leaf.ts'
import { EscrowAccount } from '../schema/entities/escrow-account.ts'
import { Inference } from '../schema/entities/inference.ts'
import { LaneSkip } from '../schema/entities/lane-skip.ts'
import { RewardAccount } from '../schema/entities/reward-account.ts'
import { Terms } from '../schema/entities/terms.ts'
import { eventId } from '../schema/events/event-id.ts'
import { chainStream, epochStream } from '../schema/events/streams.ts'
import { type ChainLab, startChainLab } from '../test/support/chain-lab.ts'
import { createTestDatabase, type TestDatabase } from '../test/support/database.ts'
import { connectDatabase } from './project/connect-database.ts'
import { createProjector } from './project/create-projector.ts'
import { migrate } from './project/migrate.ts'
import { tableHashes } from './project/table-hashes.ts'

let lab: ChainLab
let tables: TestDatabase

beforeAll(async () => {
  lab = await startChainLab()
  tables = await createTestDatabase()
  await migrate(tables.url)
})

afterAll(async () => {
  await lab[Symbol.asyncDispose]()
  await tables.drop()
})

const [, admin, operator, poster, , alice, bob] = Array.from({ length: 7 }, (_, i) => i)
const account = (i: number | undefined) => lab.accounts[i ?? 0] as PrivateKeyAccount
const hash = (text: string) => keccak256(toHex(text))

/** Sends a transaction and mines it. */
async function send(
  from: number | undefined,
  to: Hex,
  abi: Abi,
  functionName: string,
  args: readonly unknown[],
) {
  const chain = defineChain({
    id: lab.chainId,
    name: 'lab',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [lab.rpcUrl] } },
  })
  const wallet = createWalletClient({ account: account(from), chain, transport: http(lab.rpcUrl) })
  const client = createPublicClient({ chain, transport: http(lab.rpcUrl) })
  const { request } = await client.simulateContract({
    account: account(from),
    address: to,
    abi,
    functionName,
    args,
  })
  const txHash = await wallet.writeContract(request)
  await lab.rpc('evm_mine')
  const receipt = await client.getTransactionReceipt({ hash: txHash })
  if (receipt.status !== 'success') throw new Error(`${functionName} reverted`)
}

const call = (payer: Hex, n: number) => ({
  payer: payer.toLowerCase() as Hex,
  modelId: 1,
  modelVersion: 1,
  termsVersion: 1,
  fee: 100n,
  tokensIn: 10,
  tokensOut: 20,
  calledAt: 1_700_000_000,
  requestHash: hash(`request ${n}`),
  outputHash: hash(`output ${n}`),
})

async function lane(payer: number | undefined, requests: readonly Hex[], cumulativeMaxFee: bigint) {
  const voucher: Voucher = {
    payer: account(payer).address,
    operator: account(operator).address,
    modelId: 1,
    termsVersion: 1,
    calls: BigInt(requests.length),
    cumulativeMaxFee,
    callsChain: requests.reduce(extendChain, emptyChain),
  }
  const signature = await account(payer).signTypedData({
    domain: voucherDomain(lab.chainId, lab.deployment.addresses.ledger),
    types: voucherTypes,
    primaryType: 'Voucher',
    message: voucher,
  })
  return { voucher, signer: voucher.payer, calls: requests.length, signature }
}

/** Everything from a Datanet to a proposed epoch; Bob's lane is not funded and is skipped. */
async function playChain(): Promise<void> {
  const { token, datanets, models, escrow, ledger, rewards, staking } = lab.deployment.addresses
  await send(alice, datanets, datanetRegistryAbi, 'createDatanet', [hash('meta'), 'ipfs://a', 1])
  for (const n of [1, 2])
    await send(bob, datanets, datanetRegistryAbi, 'submitContribution', [
      ...[1n, hash(`root ${n}`), 3, 99n, hash(`data ${n}`)],
    ])
  await send(alice, datanets, datanetRegistryAbi, 'acceptContribution', [1n])
  await send(alice, models, modelRegistryAbi, 'registerModel', ['helper', hash('base'), [1n]])
  const run = [1n, hash('dataset'), hash('config'), hash('order'), hash('artefact')]
  await send(alice, models, modelRegistryAbi, 'recordTrainingRun', run)
  await send(alice, models, modelRegistryAbi, 'publishVersion', [1n, 1n])
  const terms = [1n, 1000n, 2000n, 1000, 2000, 1000, 6000, 500]
  await send(alice, models, modelRegistryAbi, 'setTerms', terms)
  await send(admin, token, provenantTokenAbi, 'transfer', [account(alice).address, 10_000n])
  await send(alice, token, provenantTokenAbi, 'approve', [escrow, 10_000n])
  const operatorAddress = account(operator).address
  await send(alice, escrow, inferenceEscrowAbi, 'deposit', [operatorAddress, 1000n])
  await send(alice, escrow, inferenceEscrowAbi, 'startThaw', [operatorAddress, 900n])
  const calls = [1, 2, 3].map((n) => call(account(n < 3 ? alice : bob).address, n))
  const requests = calls.map((each) => each.requestHash)
  await send(operator, ledger, inferenceLedgerAbi, 'recordBatch', [
    1,
    packCalls(calls),
    hash('manifest'),
    [await lane(alice, requests.slice(0, 2), 500n), await lane(bob, requests.slice(2), 500n)],
  ])
  const height = BigInt(await lab.height())
  const stake = 10n ** 20n
  await send(admin, token, provenantTokenAbi, 'approve', [staking, stake])
  await send(admin, staking, agentStakingAbi, 'stake', [account(poster).address, stake])
  const trees = { creditsRoot: hash('credits'), credits: 2, callsRoot: hash('calls'), calls: 2 }
  const range = { fromBlock: 1n, toBlock: height - 1n, toBlockHash: hash('block') }
  const made = { dataHash: hash('epoch manifest'), engineHash: hash('engine') }
  await send(poster, rewards, rewardsDistributorAbi, 'propose', [
    { root: hash('root'), totalEarned: 150n, accounts: 1, ...trees, ...made, ...range },
  ])
}

test('a chain from Datanet to epoch becomes tables, and replays to the same tables', async () => {
  await playChain()
  await using indexer = lab.indexer()
  await using projector = createProjector({
    databaseUrl: tables.url,
    eventLog: lab.eventLog,
    chainId: lab.chainId,
  })
  const running = Promise.all([indexer.run(), projector.run()])
  for (let i = 0; i < 6; i++) await lab.mine()
  await indexer.indexed(await lab.height())
  await projector.waitFor({
    stream: chainStream(lab.chainId),
    revision: (await lab.events()).at(-1)?.revision ?? 0n,
  })
  const leaf = account(bob).address.toLowerCase()
  const closed = {
    epoch: '1',
    root: hash('root'),
    totalEarned: '150',
    manifestHash: hash('epoch manifest'),
    fromBlock: '1',
    toBlock: '2',
    toBlockHash: hash('block'),
    calls: 2,
    leaves: 1,
    balances: [{ account: leaf, cumulative: '150' }],
  }
  const metadata = { chainId: lab.chainId, engineHash: hash('engine') }
  const id = eventId([lab.chainId, 'epoch', 1])
  const stream = epochStream(lab.chainId)
  const { revision } = await lab.eventLog.append(
    stream,
    [{ id, type: 'EpochClosed', data: closed, metadata }],
    { expectedRevision: 'none' },
  )
  await projector.waitFor({ stream, revision })

  const source = await connectDatabase(tables.url)
  try {
    const find = <T extends object>(entity: new () => T) => source.getRepository(entity).find()
    const payer = account(alice).address.toLowerCase()
    expect(await source.getRepository(Contribution).find({ order: { id: 'ASC' } })).toMatchObject([
      { id: '1', status: 'accepted', decidedBy: payer, byteSize: 99n, rows: 3 },
      { id: '2', status: 'submitted', decidedBy: null },
    ])
    expect(await find(Terms)).toMatchObject([{ id: '1-1', pricePer1kIn: 1000n, platformBps: 1000 }])
    expect(await find(Batch)).toMatchObject([{ id: '1', calls: 2, dataHash: hash('manifest') }])
    expect(await find(LaneSkip)).toMatchObject([{ lane: 1, reason: 5 }])
    const calls = await source.getRepository(Inference).find({ order: { index: 'ASC' } })
    expect(calls).toMatchObject([
      { index: 0, payer, fee: 100n, requestHash: hash('request 1') },
      { index: 1, payer, fee: 100n, outputHash: hash('output 2') },
    ])
    expect(await find(EscrowAccount)).toMatchObject([
      { payer, deposited: 1000n, charged: 200n, withdrawn: 0n, thawing: 800n },
    ])
    expect(await find(Epoch)).toMatchObject([
      { id: '1', status: 'proposed', root: hash('root'), totalEarned: 150n, calls: 2, leaves: 1 },
    ])
    expect(await find(EpochLeaf)).toEqual([{ epoch: '1', account: leaf, cumulative: 150n }])
    expect(await find(RewardAccount)).toEqual([])
    const height = await lab.height()
    await expect
      .poll(() => find(ChainHead))
      .toMatchObject([{ indexedHeight: height, finalizedHeight: height - 5 }])
  } finally {
    await source.destroy()
  }
  await Promise.all([indexer.close(), projector.close()])
  await running

  await using replayed = await createTestDatabase()
  await migrate(replayed.url)
  await using replay = createProjector({
    databaseUrl: replayed.url,
    eventLog: lab.eventLog,
    chainId: lab.chainId,
  })
  const replaying = replay.run()
  await replay.waitFor({ stream, revision })
  await replay.close()
  await replaying
  const hashes = await tableHashes(replayed.url)
  expect(hashes).toEqual(await tableHashes(tables.url))
  expect(hashes['inference']).toMatchObject({ rows: 2 })
})

test('a projector whose connections are cut resumes and misses nothing', async () => {
  const name = 'cut'
  await using other = await createTestDatabase()
  await migrate(other.url)
  await using projector = createProjector({
    databaseUrl: other.url,
    eventLog: lab.eventLog,
    chainId: lab.chainId,
    name,
  })
  const running = projector.run()
  const stream = epochStream(lab.chainId)
  await projector.waitFor({ stream, revision: 0n })
  await using rival = createProjector({
    databaseUrl: other.url,
    eventLog: lab.eventLog,
    chainId: lab.chainId,
    name,
  })
  await expect(rival.run()).rejects.toMatchObject({ code: 'PROJECTION_LOCKED' })

  const source = await connectDatabase(tables.url)
  await source.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [
    new URL(other.url).pathname.slice(1),
  ])
  await source.destroy()
  await using indexer = lab.indexer()
  const indexing = indexer.run()
  await lab.mine(5)
  await indexer.indexed(await lab.height())
  const revision = (await lab.events()).at(-1)?.revision ?? 0n
  await projector.waitFor({ stream: chainStream(lab.chainId), revision })
  expect(projector.status()).toMatchObject({ state: 'running', restarts: 1 })
  expect((await tableHashes(other.url))['datanet']).toMatchObject({ rows: 6 })
  await Promise.all([indexer.close(), projector.close()])
  await Promise.all([indexing, running])
})

test('a database that is down at the start is DATABASE_UNAVAILABLE and loses nothing', async () => {
  await using projector = createProjector({
    databaseUrl: 'postgresql://postgres@127.0.0.1:1/none',
    eventLog: lab.eventLog,
    chainId: lab.chainId,
  })
  await expect(projector.run()).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
  expect(projector.status().state).toBe('stopped')
  await expect(projector.caughtUp(1n)).rejects.toMatchObject({ code: 'PROJECTION_STOPPED' })
})
