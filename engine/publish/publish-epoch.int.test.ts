import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPublicClient, createTestClient, createWalletClient, defineChain, http } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createFolderStore } from '../../artifacts/create-folder-store.ts'
import { provenantTokenAbi } from '../../contracts/abi/provenant-token.ts'
import { rewardsDistributorAbi } from '../../contracts/abi/rewards-distributor.ts'
import { deployContracts } from '../../contracts/deploy.ts'
import type { Deployment } from '../../schema/deployment.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { EpochManifest } from '../../schema/manifests/epoch.ts'
import { startTestChain } from '../../test/support/chain.ts'
import { engineHash } from '../attribution/attribution-method.ts'
import { balanceTree } from '../epoch/balance-tree.ts'
import { putJsonArtifact } from '../epoch/put-json-artifact.ts'
import { activateEpoch } from './activate-epoch.ts'
import { claimReward } from './claim-reward.ts'
import { proposeEpoch } from './propose-epoch.ts'
import type { RewardsClient } from './rewards-client.ts'

const window = 600n
const account = (index: number) =>
  mnemonicToAccount('test test test test test test test test test test test junk', {
    addressIndex: index,
  })
const [admin, operator, poster, guardian, alice, bob] = [0, 1, 2, 3, 4, 5].map(account)

let chain: Awaited<ReturnType<typeof startTestChain>>
let deployment: Deployment
let dir: string
const artifacts = () => createFolderStore(dir)

const viemChain = () =>
  defineChain({
    id: chain.chainId,
    name: 'test',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [chain.url] } },
  })
const publicClient = () =>
  createPublicClient({ chain: viemChain(), transport: http(), pollingInterval: 20, cacheTime: 0 })
const wallet = (from = admin!) =>
  createWalletClient({ account: from, chain: viemChain(), transport: http() })
const clientOf = (from = poster!): RewardsClient => ({
  rewards: deployment.addresses.rewards,
  publicClient: publicClient(),
  walletClient: wallet(from),
})

beforeAll(async () => {
  chain = await startTestChain()
  dir = await mkdtemp(join(tmpdir(), 'provenant-publish-'))
  deployment = await deployContracts({
    walletClient: wallet(),
    publicClient: publicClient(),
    admin: admin!.address,
    operator: operator!.address,
    epochPoster: poster!.address,
    guardian: guardian!.address,
    disputeWindow: window,
    thawPeriod: 60n,
  })
  await fund(1_000n)
})

afterAll(async () => {
  await chain?.close()
  if (dir !== undefined) await rm(dir, { recursive: true, force: true })
})

async function fund(amount: bigint): Promise<void> {
  const { token, rewards } = deployment.addresses
  for (const request of [
    { address: token, abi: provenantTokenAbi, functionName: 'approve', args: [rewards, amount] },
    { address: rewards, abi: rewardsDistributorAbi, functionName: 'fund', args: [amount] },
  ] as const) {
    const hash = await wallet().writeContract(request as never)
    await publicClient().waitForTransactionReceipt({ hash, checkReplacement: false })
  }
}

async function storeEpoch(
  epoch: number,
  balances: readonly (readonly [Hex, bigint])[],
  change: Partial<EpochManifest> = {},
): Promise<Hex> {
  const block = await publicClient().getBlock()
  const token = deployment.addresses.token
  const leaves = balances.map(([holder, cumulative]) => ({
    account: holder.toLowerCase() as Hex,
    cumulative: String(cumulative),
  }))
  const manifest: EpochManifest = {
    kind: 'epoch',
    version: 1,
    chainId: chain.chainId,
    epoch: String(epoch),
    fromBlock: String(block.number),
    toBlock: String(block.number),
    toBlockHash: block.hash,
    engineHash,
    token,
    accounts: { platform: token, stakers: token },
    previous: null,
    stores: [],
    calls: [],
    leaves,
    totalEarned: String(balances.reduce((sum, [, cumulative]) => sum + cumulative, 0n)),
    root: balanceTree(token, leaves).root,
    ...change,
  }
  return putJsonArtifact(artifacts(), manifest)
}

const passWindow = async () => {
  const test = createTestClient({ mode: 'anvil', chain: viemChain(), transport: http() })
  await test.increaseTime({ seconds: Number(window) + 1 })
  await test.mine({ blocks: 1 })
}

test('an epoch is proposed once, activated after its window and claimed once', async () => {
  const hash = await storeEpoch(1, [
    [alice!.address, 300n],
    [bob!.address, 101n],
  ])
  const proposed = await proposeEpoch(clientOf(), artifacts(), hash)
  expect(proposed.epoch).toBe(1n)
  expect(await proposeEpoch(clientOf(), artifacts(), hash)).toEqual({
    epoch: 1n,
    transaction: undefined,
  })
  await expect(activateEpoch(clientOf(), 1n)).rejects.toMatchObject({ code: 'EPOCH_WINDOW_OPEN' })
  await expect(claimReward(clientOf(bob), artifacts(), hash, alice!.address)).rejects.toMatchObject(
    { code: 'EPOCH_NOT_CLAIMABLE' },
  )
  const other = await storeEpoch(2, [[alice!.address, 500n]])
  await expect(proposeEpoch(clientOf(), artifacts(), other)).rejects.toMatchObject({
    code: 'EPOCH_IN_FLIGHT',
  })

  await passWindow()
  expect(await activateEpoch(clientOf(bob), 1n)).toMatch(/^0x/)
  expect(await activateEpoch(clientOf(bob), 1n)).toBeUndefined()

  const claimed = await claimReward(clientOf(bob), artifacts(), hash, alice!.address)
  expect(claimed.amount).toBe(300n)
  const again = await claimReward(clientOf(bob), artifacts(), hash, alice!.address)
  expect(again).toEqual({ amount: 0n, cumulative: 300n, transaction: undefined })
  const balance = await publicClient().readContract({
    address: deployment.addresses.token,
    abi: provenantTokenAbi,
    functionName: 'balanceOf',
    args: [alice!.address],
  })
  expect(balance).toBe(300n)
})

test('a manifest whose leaves do not fold to its root is not proposed', async () => {
  const root: Hex = `0x${'11'.repeat(32)}`
  const wrongRoot = await storeEpoch(2, [[alice!.address, 400n]], { root })
  await expect(proposeEpoch(clientOf(), artifacts(), wrongRoot)).rejects.toMatchObject({
    code: 'ROOT_MISMATCH',
  })
  const wrongSum = await storeEpoch(2, [[alice!.address, 400n]], { totalEarned: '401' })
  await expect(proposeEpoch(clientOf(), artifacts(), wrongSum)).rejects.toMatchObject({
    code: 'SUM_MISMATCH',
  })
})

test('only the poster proposes, and never more than was funded', async () => {
  const tooMuch = await storeEpoch(2, [[alice!.address, 1_001n]])
  await expect(proposeEpoch(clientOf(), artifacts(), tooMuch)).rejects.toMatchObject({
    code: 'TRANSACTION_FAILED',
    facts: { reverted: 'EarnedExceedsFunded(1001, 1000)' },
  })
  const fair = await storeEpoch(2, [[alice!.address, 500n]])
  await expect(proposeEpoch(clientOf(bob), artifacts(), fair)).rejects.toMatchObject({
    code: 'TRANSACTION_FAILED',
  })
})

test('a rejected epoch cannot be activated and its root can be proposed again', async () => {
  const hash = await storeEpoch(2, [[alice!.address, 500n]])
  const { epoch } = await proposeEpoch(clientOf(), artifacts(), hash)
  const rejection = await wallet(guardian).writeContract({
    address: deployment.addresses.rewards,
    abi: rewardsDistributorAbi,
    functionName: 'reject',
    args: [epoch, 1],
  })
  await publicClient().waitForTransactionReceipt({ hash: rejection, checkReplacement: false })
  await expect(activateEpoch(clientOf(), epoch)).rejects.toMatchObject({
    code: 'EPOCH_NOT_PROPOSED',
  })
  expect((await proposeEpoch(clientOf(), artifacts(), hash)).epoch).toBe(epoch + 1n)
})
