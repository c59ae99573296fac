import {
  concat,
  createPublicClient,
  createTestClient,
  createWalletClient,
  defineChain,
  encodeFunctionData,
  http,
  isAddressEqual,
  type PublicClient,
  size,
} from 'viem'
import { generatePrivateKey, mnemonicToAccount, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Anvil } from '../cli/services/start-anvil.ts'
import { parseDeployment } from '../schema/deployment.ts'
import type { Hex } from '../schema/events/event.ts'
import { startTestChain } from '../test/support/chain.ts'
import { agentStakingAbi } from './abi/agent-staking.ts'
import { genesisAbi } from './abi/genesis.ts'
import { provenantAccessAbi } from './abi/provenant-access.ts'
import { provenantTokenAbi } from './abi/provenant-token.ts'
import { rewardsDistributorAbi } from './abi/rewards-distributor.ts'
import { create2Deployer } from './deploy/create2-deployer.ts'
import type { DeploySettings } from './deploy/deploy-settings.ts'
import { planDeployment } from './deploy/plan-deployment.ts'
import { readProgress } from './deploy/read-progress.ts'
import { type DeployOptions, deployContracts } from './deploy.ts'
import { roleIds } from './role-ids.ts'
import { stakeFor } from './stake-for.ts'

const mnemonic = 'test test test test test test test test test test test junk'
const [deployer, admin, operator, epochPoster, guardian, stranger] = [0, 1, 2, 3, 4, 5].map(
  (addressIndex) => mnemonicToAccount(mnemonic, { addressIndex }),
) as [Account, Account, Account, Account, Account, Account]
type Account = ReturnType<typeof mnemonicToAccount>

let anvil: Anvil

beforeAll(async () => {
  anvil = await startTestChain()
})

afterAll(() => anvil.close())

const settings: DeploySettings = {
  admin: admin.address,
  operator: operator.address,
  epochPoster: epochPoster.address,
  guardian: guardian.address,
  disputeWindow: 3600n,
  thawPeriod: 86_400n,
}

const saltOf = (number: number): Hex => `0x${number.toString(16).padStart(64, '0')}`

function clients(node: Anvil, account: Account | ReturnType<typeof privateKeyToAccount>) {
  const chain = defineChain({
    id: node.chainId,
    name: 'test',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [node.url] } },
  })
  const transport = http(node.url)
  return {
    walletClient: createWalletClient({ account, chain, transport }),
    publicClient: createPublicClient({ chain, transport, cacheTime: 0 }),
  }
}

function options(overrides: Partial<DeployOptions> = {}): DeployOptions {
  return { ...clients(anvil, deployer), ...settings, ...overrides }
}

async function isMember(publicClient: PublicClient, access: Hex, role: bigint, account: Hex) {
  const [member] = await publicClient.readContract({
    address: access,
    abi: provenantAccessAbi,
    functionName: 'hasRole',
    args: [role, account],
  })
  return member
}

describe('deployContracts', () => {
  test('deploys contracts that a deployment file can describe', async () => {
    const deployment = await deployContracts(options())
    expect(deployment.chainId).toBe(anvil.chainId)
    expect(parseDeployment(JSON.parse(JSON.stringify(deployment)))).toEqual(deployment)
    const { publicClient } = options()
    for (const address of Object.values(deployment.addresses))
      expect((await publicClient.getCode({ address }))?.length).toBeGreaterThan(2)
  })

  test('sends no transaction that a chain could refuse for its size or gas', async () => {
    const { publicClient } = options()
    const from = await publicClient.getBlockNumber()
    await deployContracts(options({ salt: saltOf(8) }))
    const to = await publicClient.getBlockNumber()
    expect(to - from).toBeGreaterThan(3n)
    for (let blockNumber = from + 1n; blockNumber <= to; blockNumber++) {
      const block = await publicClient.getBlock({ blockNumber, includeTransactions: true })
      // EIP-7825 and the pools of geth.
      expect(block.gasUsed).toBeLessThan(2n ** 24n)
      for (const { input } of block.transactions) expect(size(input)).toBeLessThan(127 * 1024)
    }
  })

  test('gives the same addresses on another chain from another account', async () => {
    await using other = await startTestChain()
    const here = await deployContracts(options())
    const there = await deployContracts({ ...clients(other, stranger), ...settings })
    expect(there.chainId).not.toBe(here.chainId)
    expect(there.addresses).toEqual(here.addresses)
  })

  test('gives every contract another address when one setting differs', async () => {
    const here = planDeployment(settings).addresses
    const others: Partial<DeploySettings>[] = [
      { disputeWindow: 3601n },
      { guardian: stranger.address },
      { minBond: 1n },
      { salt: saltOf(1) },
    ]
    for (const other of others) {
      const there = planDeployment({ ...settings, ...other }).addresses
      const all = [...Object.values(here), ...Object.values(there)]
      expect(new Set(all).size).toBe(all.length)
    }
  })

  test('does nothing the second time, whoever runs it', async () => {
    const first = await deployContracts(options())
    for (const account of [deployer, stranger]) {
      const { publicClient } = options()
      const before = await publicClient.getTransactionCount({ address: account.address })
      const again = await deployContracts(options(clients(anvil, account)))
      expect(again).toEqual(first)
      expect(await publicClient.getTransactionCount({ address: account.address })).toBe(before)
    }
  })

  test('reports the block of the first transaction, below which nothing is', async () => {
    const { publicClient } = options()
    const before = await publicClient.getBlockNumber()
    const deployment = await deployContracts(options({ salt: saltOf(2) }))
    expect(deployment.blockNumber).toBe(Number(before) + 1)
    const again = await deployContracts(options({ salt: saltOf(2) }))
    expect(again.blockNumber).toBe(Number(before) + 1)
  })

  test('leaves deployer and Genesis without any role and the whole supply with the admin', async () => {
    const { addresses } = await deployContracts(options())
    const { publicClient } = options()
    const { genesis } = planDeployment(settings).located
    for (const role of Object.values(roleIds))
      for (const account of [deployer.address, genesis])
        expect(await isMember(publicClient, addresses.access, role, account)).toBe(false)
    const token = { address: addresses.token, abi: provenantTokenAbi } as const
    const supply = await publicClient.readContract({ ...token, functionName: 'totalSupply' })
    const held = await publicClient.readContract({
      ...token,
      functionName: 'balanceOf',
      args: [admin.address],
    })
    expect(supply).toBe(10n ** 27n)
    expect(held).toBe(supply)
  })

  test('keeps the admin role with a deployer that is the admin', async () => {
    const { addresses } = await deployContracts(options({ admin: deployer.address }))
    const { publicClient } = options()
    expect(await isMember(publicClient, addresses.access, 0n, deployer.address)).toBe(true)
  })

  test('leaves the admin role to the timelock alone where contributors govern', async () => {
    const governed = { admin: 'timelock', tokenHolder: admin.address, salt: saltOf(7) } as const
    const { addresses } = await deployContracts(options(governed))
    const { publicClient } = options()
    expect(await isMember(publicClient, addresses.access, 0n, addresses.timelock)).toBe(true)
    for (const account of [admin, deployer, guardian, operator])
      expect(await isMember(publicClient, addresses.access, 0n, account.address)).toBe(false)
    const treasury = await publicClient.readContract({
      address: addresses.staking,
      abi: agentStakingAbi,
      functionName: 'treasury',
    })
    expect(treasury.toLowerCase()).toBe(addresses.timelock)
  })

  test('lets the poster propose but not reject, and the guardian reject but not propose', async () => {
    const deployment = await deployContracts(options())
    const { publicClient } = options()
    await stakeFor({
      ...clients(anvil, admin),
      ...{ deployment, agent: epochPoster.address, amount: 10n ** 20n },
    })
    const rewards = { address: deployment.addresses.rewards, abi: rewardsDistributorAbi } as const
    const hash = `0x${'11'.repeat(32)}` as const
    const counts = { accounts: 1, credits: 1, calls: 1 }
    const hashes = { root: hash, creditsRoot: hash, callsRoot: hash, dataHash: hash }
    const range = { fromBlock: 0n, toBlock: 1n, toBlockHash: hash }
    const proposal = { ...counts, ...hashes, ...range, engineHash: hash, totalEarned: 0n }
    const propose = (account: Account) =>
      publicClient.simulateContract({
        ...rewards,
        account,
        functionName: 'propose',
        args: [proposal],
      })
    const reject = (account: Account) =>
      publicClient.simulateContract({ ...rewards, account, functionName: 'reject', args: [1n, 1] })

    const unauthorized = 'AccessManagedUnauthorized'
    await expect(propose(epochPoster)).resolves.toBeDefined()
    for (const other of [guardian, operator, admin, deployer, stranger])
      await expect(propose(other)).rejects.toThrow(unauthorized)
    await expect(reject(guardian)).rejects.toThrow('WrongStatus')
    for (const other of [epochPoster, operator, admin, deployer, stranger])
      await expect(reject(other)).rejects.toThrow(unauthorized)
  })

  test('refuses a node of another chain before it sends anything', async () => {
    const { publicClient } = options()
    const before = await publicClient.getTransactionCount({ address: deployer.address })
    const { walletClient } = clients({ ...anvil, chainId: anvil.chainId + 1 }, deployer)
    await expect(deployContracts(options({ walletClient }))).rejects.toMatchObject({
      code: 'WRONG_CHAIN_ID',
      facts: { expected: anvil.chainId + 1, actual: anvil.chainId },
    })
    const after = await publicClient.getTransactionCount({ address: deployer.address })
    expect(after).toBe(before)
  })

  test('refuses one account for two of the roles that watch each other', async () => {
    const lowercase = epochPoster.address.toLowerCase() as Hex
    expect(isAddressEqual(lowercase, epochPoster.address)).toBe(true)
    await expect(deployContracts(options({ guardian: lowercase }))).rejects.toMatchObject({
      code: 'ROLES_NOT_SEPARATE',
    })
  })

  test('fails with a code when the deployer cannot pay', async () => {
    const poor = clients(anvil, privateKeyToAccount(generatePrivateKey()))
    await expect(deployContracts(options({ ...poor, salt: saltOf(3) }))).rejects.toMatchObject({
      code: 'DEPLOYMENT_FAILED',
      facts: { step: 'genesis' },
    })
  })

  test('goes on after an interruption behind every single step', async () => {
    const salt = saltOf(4)
    const { located } = planDeployment({ ...settings, salt })
    const { publicClient } = options()
    const stepwise = options({ salt, maxBytes: 1 })
    const total = located.plan.steps.length
    for (let done = 0; done < total; done++) {
      const failing = interruptAfter(stepwise.walletClient, 1)
      await expect(deployContracts({ ...stepwise, walletClient: failing })).rejects.toMatchObject({
        code: 'DEPLOYMENT_FAILED',
      })
      expect((await readProgress(publicClient, located)).done).toBe(done)
    }
    const runs: string[] = []
    const { walletClient } = clients(anvil, stranger)
    await deployContracts({ ...stepwise, walletClient, onStep: (label) => runs.push(label) })
    expect(runs).toEqual([located.plan.steps.at(-1)?.label])
  })

  test('ends as planned when a stranger starts it, and the stranger cannot add or change a step', async () => {
    const salt = saltOf(5)
    const { located, addresses } = planDeployment({ ...settings, salt })
    const { publicClient, walletClient } = clients(anvil, stranger)
    const create = concat([salt, located.genesisInitCode])
    const send = async (to: Hex, data: Hex) =>
      publicClient.waitForTransactionReceipt({
        hash: await walletClient.sendTransaction({ to, data }),
        checkReplacement: false,
      })
    await send(create2Deployer, create)
    const { steps } = located.plan
    const genesis = { address: located.genesis, abi: genesisAbi, account: stranger } as const
    const [first, second] = [steps[0], steps[1]]
    if (first === undefined || second === undefined) throw new Error('the plan has two steps')

    const takeOver = encodeFunctionData({
      abi: provenantAccessAbi,
      functionName: 'grantRole',
      args: [0n, stranger.address, 0],
    })
    const forged = { target: 1, data: takeOver, references: [] }
    const rest = located.hashes[1] as Hex
    for (const plan of [[forged], [first, forged], [second], []])
      await expect(
        publicClient.simulateContract({ ...genesis, functionName: 'run', args: [plan, rest] }),
      ).rejects.toThrow('NotThePlan')

    const data = encodeFunctionData({ abi: genesisAbi, functionName: 'run', args: [[first], rest] })
    await send(located.genesis, data)
    expect((await readProgress(publicClient, located)).done).toBe(1)
    const { addresses: deployed } = await deployContracts(options({ salt }))
    expect(deployed).toEqual(addresses)
    await expect(
      publicClient.simulateContract({
        ...genesis,
        functionName: 'run',
        args: [[forged], `0x${'00'.repeat(32)}`],
      }),
    ).rejects.toThrow('NotThePlan')
    for (const role of Object.values(roleIds))
      expect(await isMember(publicClient, deployed.access, role, stranger.address)).toBe(false)
  })

  test('survives somebody who does the same steps at the same time', async () => {
    const salt = saltOf(6)
    const [a, b] = await Promise.all([
      deployContracts(options({ salt, maxBytes: 1 })),
      deployContracts(options({ ...clients(anvil, stranger), salt, maxBytes: 1 })),
    ])
    expect(b).toEqual(a)
  })

  test('creates the CREATE2 deployer where it is missing, and the addresses stay the same', async () => {
    await using bare = await startTestChain({ args: ['--disable-default-create2-deployer'] })
    const { publicClient, walletClient } = clients(bare, stranger)
    expect(await publicClient.getCode({ address: create2Deployer })).toBeUndefined()
    const { addresses } = await deployContracts({ publicClient, walletClient, ...settings })
    expect(addresses).toEqual(planDeployment(settings).addresses)
  })

  test('refuses a chain with other code at the address of the CREATE2 deployer', async () => {
    await using hostile = await startTestChain()
    const testClient = createTestClient({ mode: 'anvil', transport: http(hostile.url) })
    await testClient.setCode({ address: create2Deployer, bytecode: '0x00' })
    await expect(
      deployContracts({ ...clients(hostile, deployer), ...settings }),
    ).rejects.toMatchObject({ code: 'DEPLOYMENT_UNSOUND' })
  })
})

/** A wallet that loses its connection after that many transactions. */
function interruptAfter(wallet: DeployOptions['walletClient'], transactions: number) {
  let left = transactions
  return {
    ...wallet,
    sendTransaction: (async (...args: Parameters<typeof wallet.sendTransaction>) => {
      if (left === 0) throw new Error('connection lost')
      left -= 1
      return wallet.sendTransaction(...args)
    }) as typeof wallet.sendTransaction,
  }
}
