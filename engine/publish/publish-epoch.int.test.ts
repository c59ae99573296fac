import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keccak256 } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createFolderStore } from '../../artifacts/create-folder-store.ts'
import { agentStakingAbi } from '../../contracts/abi/agent-staking.ts'
import { provenantTokenAbi } from '../../contracts/abi/provenant-token.ts'
import { rewardsDistributorAbi } from '../../contracts/abi/rewards-distributor.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { AttributedCall, EpochManifest } from '../../schema/manifests/epoch.ts'
import { type DeployedChain, startDeployedChain } from '../../test/support/deployed-chain.ts'
import { engineHash } from '../attribution/attribution-method.ts'
import { commitEpoch } from '../epoch/commit-epoch.ts'
import { putJsonArtifact } from '../epoch/put-json-artifact.ts'
import type { Balance } from '../epoch/tally-balances.ts'
import { activateEpoch } from './activate-epoch.ts'
import { claimReward } from './claim-reward.ts'
import { loadProvenEpoch } from './load-proven-epoch.ts'
import { proposeEpoch } from './propose-epoch.ts'
import type { RewardsClient } from './rewards-client.ts'
import { sendProposal } from './send-proposal.ts'

let deployed: DeployedChain
let dir: string
const artifacts = () => createFolderStore(dir)
const clientOf = (name: Parameters<DeployedChain['wallet']>[0] = 'epochPoster'): RewardsClient => ({
  rewards: deployed.deployment.addresses.rewards,
  publicClient: deployed.publicClient,
  walletClient: deployed.wallet(name),
})
const addressOf = (name: Parameters<DeployedChain['wallet']>[0]) =>
  deployed.wallet(name).account.address.toLowerCase() as Hex
const passWindow = () => deployed.passTime(3601)

beforeAll(async () => {
  deployed = await startDeployedChain()
  dir = await mkdtemp(join(tmpdir(), 'provenant-publish-'))
  const { token, rewards } = deployed.deployment.addresses
  for (const request of [
    { address: token, abi: provenantTokenAbi, functionName: 'approve', args: [rewards, 1_000n] },
    { address: rewards, abi: rewardsDistributorAbi, functionName: 'fund', args: [1_000n] },
  ] as const) {
    await mined(await deployed.wallet('admin').writeContract(request as never))
  }
})

afterAll(async () => {
  await deployed?.close()
  if (dir !== undefined) await rm(dir, { recursive: true, force: true })
})

const mined = (hash: Hex) =>
  deployed.publicClient.waitForTransactionReceipt({ hash, checkReplacement: false })

/** One call that pays one account. */
const callTo = (account: Hex, amount: bigint, index: number): AttributedCall => ({
  ...{ callId: keccak256(account), batchId: '1', index, recordHash: keccak256('0x01') },
  ...{ modelId: '1', version: 1, fee: String(amount), queryHash: keccak256('0x02') },
  ...{ rule: 'influence', rows: [], used: [] },
  weights: { influence: [{ account, weight: '1' }], retrieval: [] },
  shares: [{ account, role: 'influence', amount: String(amount) }],
})

async function storeEpoch(
  earned: readonly (readonly [Hex, bigint])[],
  options: {
    readonly previous?: readonly Balance[]
    readonly fromBlock?: bigint
    readonly change?: Partial<EpochManifest>
  } = {},
): Promise<Hex> {
  const block = await deployed.publicClient.getBlock()
  const { token } = deployed.deployment.addresses
  const calls = earned.map(([account, amount], i) => callTo(account, amount, i))
  const { files, trees, totalEarned } = commitEpoch(options.previous ?? [], calls)
  for (const file of files) await artifacts().put(file)
  return putJsonArtifact(artifacts(), {
    ...{ kind: 'epoch', version: 2, chainId: deployed.deployment.chainId, epoch: '1' },
    fromBlock: String(options.fromBlock ?? 0n),
    toBlock: String(block.number),
    toBlockHash: block.hash,
    ...{ engineHash, token, payees: { platform: token, stakers: token }, previous: null },
    ...{ stores: [], calls, totalEarned, trees, ...options.change },
  } satisfies EpochManifest)
}

let first: { readonly balances: readonly Balance[]; readonly fromBlock: bigint }

test('an epoch is proposed once, activated after its window and claimed once', async () => {
  const [alice, bob] = [addressOf('contributor'), addressOf('payer')]
  const hash = await storeEpoch([
    [alice, 300n],
    [bob, 101n],
  ])
  const proposed = await proposeEpoch(clientOf(), artifacts(), hash)
  expect(proposed.epoch).toBe(1n)
  expect(await proposeEpoch(clientOf(), artifacts(), hash)).toEqual({
    epoch: 1n,
    transaction: undefined,
  })
  const proven = await loadProvenEpoch(artifacts(), hash)
  await expect(activateEpoch(clientOf(), 1n)).rejects.toMatchObject({ code: 'EPOCH_WINDOW_OPEN' })
  await expect(claimReward(clientOf('payer'), proven, alice)).rejects.toMatchObject({
    code: 'EPOCH_NOT_CLAIMABLE',
  })
  const other = await storeEpoch([[alice, 500n]])
  await expect(proposeEpoch(clientOf(), artifacts(), other)).rejects.toMatchObject({
    code: 'EPOCH_IN_FLIGHT',
  })

  await passWindow()
  expect(await activateEpoch(clientOf('payer'), 1n)).toMatch(/^0x/)
  expect(await activateEpoch(clientOf('payer'), 1n)).toBeUndefined()

  expect((await claimReward(clientOf('payer'), proven, alice)).amount).toBe(300n)
  expect(await claimReward(clientOf('payer'), proven, alice)).toEqual({
    amount: 0n,
    cumulative: 300n,
    transaction: undefined,
  })
  const balance = await deployed.publicClient.readContract({
    address: deployed.deployment.addresses.token,
    abi: provenantTokenAbi,
    functionName: 'balanceOf',
    args: [alice],
  })
  expect(balance).toBe(300n)
  await expect(claimReward(clientOf('payer'), proven, addressOf('guardian'))).rejects.toMatchObject(
    { code: 'EPOCH_NOT_CLAIMABLE' },
  )
  first = {
    balances: proven.leaves.rewards.map((leaf) => ({
      account: leaf.account,
      cumulative: String(leaf.cumulative),
    })),
    fromBlock: proven.proposal.toBlock + 1n,
  }
})

test('every account of a later epoch claims what it earned since', async () => {
  const earned = ['contributor', 'payer', 'guardian', 'operator', 'admin'] as const
  const hash = await storeEpoch(
    earned.map((name, i) => [addressOf(name), BigInt(i + 1)]),
    { previous: first.balances, fromBlock: first.fromBlock },
  )
  const { epoch } = await proposeEpoch(clientOf(), artifacts(), hash)
  await passWindow()
  await activateEpoch(clientOf(), epoch)
  const proven = await loadProvenEpoch(artifacts(), hash)
  const paid = []
  for (const name of earned) {
    paid.push((await claimReward(clientOf('deployer'), proven, addressOf(name))).amount)
  }
  expect(paid).toEqual([1n, 101n + 2n, 3n, 4n, 5n])
  first = { balances: [], fromBlock: proven.proposal.toBlock + 1n }
})

test('a manifest whose leaves do not fold to its roots is not proposed', async () => {
  const alice = addressOf('contributor')
  const { fromBlock } = first
  const honest = await loadProvenEpoch(
    artifacts(),
    await storeEpoch([[alice, 600n]], { fromBlock }),
  )
  const { trees } = honest.manifest
  for (const name of ['rewards', 'credits', 'calls'] as const) {
    const wrong = { ...trees, [name]: { ...trees[name], root: keccak256('0x11') } }
    const hash = await storeEpoch([[alice, 600n]], { fromBlock, change: { trees: wrong } })
    await expect(proposeEpoch(clientOf(), artifacts(), hash)).rejects.toMatchObject({
      code: 'ROOT_MISMATCH',
      facts: { tree: name },
    })
  }
  const wrongSum = await storeEpoch([[alice, 600n]], { fromBlock, change: { totalEarned: '601' } })
  await expect(proposeEpoch(clientOf(), artifacts(), wrongSum)).rejects.toMatchObject({
    code: 'SUM_MISMATCH',
  })
})

test('only a poster with a bond proposes, blocks without a gap, and never more than was funded', async () => {
  const alice = addressOf('contributor')
  const { fromBlock } = first
  const refusal = async (hash: Hex, name?: 'payer') =>
    proposeEpoch(clientOf(name), artifacts(), hash).then(
      () => undefined,
      (error: { facts: { reverted?: string } }) => error.facts.reverted,
    )
  const tooMuch = await storeEpoch([[alice, 1_001n]], { fromBlock })
  expect(await refusal(tooMuch)).toBe('EarnedExceedsFunded(1001, 1000)')
  const gap = await storeEpoch([[alice, 600n]], { fromBlock: fromBlock + 1n })
  expect(await refusal(gap)).toMatch(/^InvalidBlockRange/)
  const fair = await storeEpoch([[alice, 600n]], { fromBlock })
  expect(await refusal(fair, 'payer')).toMatch(/Unauthorized/)
})

test('a rejected epoch cannot be activated and its root can be proposed again', async () => {
  const { fromBlock } = first
  const hash = await storeEpoch([[addressOf('contributor'), 600n]], { fromBlock })
  const { epoch } = await proposeEpoch(clientOf(), artifacts(), hash)
  await mined(
    await deployed.wallet('guardian').writeContract({
      address: deployed.deployment.addresses.rewards,
      abi: rewardsDistributorAbi,
      functionName: 'reject',
      args: [epoch, 1],
    }),
  )
  await expect(activateEpoch(clientOf(), epoch)).rejects.toMatchObject({
    code: 'EPOCH_NOT_PROPOSED',
  })
  const { proposal } = await loadProvenEpoch(artifacts(), hash)
  expect((await sendProposal(clientOf(), proposal)).epoch).toBe(epoch + 1n)
})

test('a poster that takes its stake back cannot propose', async () => {
  const { staking } = deployed.deployment.addresses
  const contract = { address: staking, abi: agentStakingAbi } as const
  const stake = await deployed.publicClient.readContract({
    ...contract,
    functionName: 'activeOf',
    args: [addressOf('epochPoster')],
  })
  await mined(
    await deployed
      .wallet('epochPoster')
      .writeContract({ ...contract, functionName: 'startThaw', args: [stake] }),
  )
  const hash = await storeEpoch([[addressOf('payer'), 601n]], { fromBlock: first.fromBlock })
  await expect(proposeEpoch(clientOf(), artifacts(), hash)).rejects.toMatchObject({
    code: 'EPOCH_BOND_MISSING',
  })
})
