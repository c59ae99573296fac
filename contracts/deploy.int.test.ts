import { createPublicClient, createWalletClient, defineChain, http, isAddressEqual } from 'viem'
import { generatePrivateKey, mnemonicToAccount, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Anvil } from '../cli/services/start-anvil.ts'
import { parseDeployment } from '../schema/deployment.ts'
import { startTestChain } from '../test/support/chain.ts'
import { provenantAccessAbi } from './abi/provenant-access.ts'
import { provenantTokenAbi } from './abi/provenant-token.ts'
import { rewardsDistributorAbi } from './abi/rewards-distributor.ts'
import { type DeployOptions, deployContracts } from './deploy.ts'

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

function options(overrides: Partial<DeployOptions> = {}, chainId = anvil.chainId): DeployOptions {
  const chain = defineChain({
    id: chainId,
    name: 'test',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [anvil.url] } },
  })
  return {
    walletClient: createWalletClient({ account: deployer, chain, transport: http(anvil.url) }),
    publicClient: createPublicClient({ chain, transport: http(anvil.url) }),
    admin: admin.address,
    operator: operator.address,
    epochPoster: epochPoster.address,
    guardian: guardian.address,
    disputeWindow: 3600n,
    thawPeriod: 86_400n,
    ...overrides,
  }
}

describe('deployContracts', () => {
  test('deploys contracts that a deployment file can describe', async () => {
    const deployment = await deployContracts(options())
    expect(deployment.chainId).toBe(anvil.chainId)
    expect(parseDeployment(JSON.parse(JSON.stringify(deployment)))).toEqual(deployment)
    const code = await options().publicClient.getCode({ address: deployment.addresses.access })
    expect(code?.length).toBeGreaterThan(2)
  })

  test('reports the block of the first transaction, below which nothing is', async () => {
    const { publicClient } = options()
    const before = await publicClient.getBlockNumber()
    const deployment = await deployContracts(options())
    expect(deployment.blockNumber).toBe(Number(before) + 1)
  })

  test('leaves the deployer without any role and the whole supply with the admin', async () => {
    const { addresses } = await deployContracts(options())
    const { publicClient } = options()
    for (const role of [0n, 1n, 2n, 3n]) {
      const [isMember] = await publicClient.readContract({
        address: addresses.access,
        abi: provenantAccessAbi,
        functionName: 'hasRole',
        args: [role, deployer.address],
      })
      expect(isMember, `role ${role}`).toBe(false)
    }
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
    const [isMember] = await options().publicClient.readContract({
      address: addresses.access,
      abi: provenantAccessAbi,
      functionName: 'hasRole',
      args: [0n, deployer.address],
    })
    expect(isMember).toBe(true)
  })

  test('lets the poster propose but not reject, and the guardian reject but not propose', async () => {
    const { addresses } = await deployContracts(options())
    const { publicClient } = options()
    const rewards = { address: addresses.rewards, abi: rewardsDistributorAbi } as const
    const hash = `0x${'11'.repeat(32)}` as const
    const propose = (account: Account) =>
      publicClient.simulateContract({
        ...rewards,
        account,
        functionName: 'propose',
        args: [hash, 0n, hash, 0n, 1n, hash, hash],
      })
    const reject = (account: Account) =>
      publicClient.simulateContract({ ...rewards, account, functionName: 'reject', args: [1n, 1] })

    const unauthorized = 'AccessManagedUnauthorized'
    await expect(propose(epochPoster)).resolves.toBeDefined()
    for (const other of [guardian, operator, admin, deployer, stranger])
      await expect(propose(other)).rejects.toThrow(unauthorized)
    await expect(reject(guardian)).rejects.toThrow('EpochNotProposed')
    for (const other of [epochPoster, operator, admin, deployer, stranger])
      await expect(reject(other)).rejects.toThrow(unauthorized)
  })

  test('refuses a node of another chain before it sends anything', async () => {
    const { publicClient } = options()
    const before = await publicClient.getTransactionCount({ address: deployer.address })
    await expect(deployContracts(options({}, anvil.chainId + 1))).rejects.toMatchObject({
      code: 'WRONG_CHAIN_ID',
      facts: { expected: anvil.chainId + 1, actual: anvil.chainId },
    })
    const after = await publicClient.getTransactionCount({ address: deployer.address })
    expect(after).toBe(before)
  })

  test('refuses one account for two of the roles that watch each other', async () => {
    const lowercase = epochPoster.address.toLowerCase() as `0x${string}`
    expect(isAddressEqual(lowercase, epochPoster.address)).toBe(true)
    await expect(deployContracts(options({ guardian: lowercase }))).rejects.toMatchObject({
      code: 'ROLES_NOT_SEPARATE',
    })
  })

  test('fails with a code when the deployer cannot pay', async () => {
    const poor = privateKeyToAccount(generatePrivateKey())
    const { walletClient } = options()
    const { chain } = walletClient
    const poorWallet = createWalletClient({ account: poor, chain, transport: http(anvil.url) })
    await expect(deployContracts(options({ walletClient: poorWallet }))).rejects.toMatchObject({
      code: 'DEPLOYMENT_FAILED',
      facts: { step: 'ProvenantAccess' },
    })
  })
})
