import {
  type Abi,
  type ContractFunctionArgs,
  type ContractFunctionName,
  createPublicClient,
  createTestClient,
  createWalletClient,
  defineChain,
  encodeFunctionData,
  http,
  type TransactionReceipt,
} from 'viem'
import type { privateKeyToAccount } from 'viem/accounts'
import { startAnvil } from '../../cli/services/start-anvil.ts'
import { provenantTokenAbi } from '../../contracts/abi/provenant-token.ts'
import { deployContracts } from '../../contracts/deploy.ts'
import { stakeFor } from '../../contracts/stake-for.ts'
import type { Deployment } from '../../schema/deployment.ts'
import type { Hex } from '../../schema/events/event.ts'
import { devAccount } from './dev-account.ts'

export type Sender = ReturnType<typeof privateKeyToAccount>

/** What one whole transaction cost. */
export interface Cost {
  /** `gasUsed` of the receipt: intrinsic gas, calldata with EIP-7623's floor, refunds and all. */
  readonly gas: number
  /** Bytes of the call data. */
  readonly bytes: number
  /** The signed transaction, whose size a rollup charges for. */
  readonly signed: Hex
  readonly receipt: TransactionReceipt
}

/** A private chain with all contracts, on which every transaction is weighed. */
export interface GasLab extends AsyncDisposable {
  readonly chainId: number
  readonly deployment: Deployment
  readonly accounts: {
    readonly admin: Sender
    readonly operator: Sender
    readonly poster: Sender
    readonly owner: Sender
  }
  /** Sends a call and weighs it; a revert throws. */
  send<const A extends Abi, N extends ContractFunctionName<A, 'nonpayable'>>(
    from: Sender,
    call: {
      readonly address: Hex
      readonly abi: A
      readonly functionName: N
      readonly args: ContractFunctionArgs<A, 'nonpayable', N>
    },
  ): Promise<Cost>
  /** Gives accounts gas money and tokens. */
  fund(accounts: readonly Hex[], tokens: bigint): Promise<void>
  block(): Promise<{ readonly number: bigint; readonly hash: Hex; readonly timestamp: bigint }>
  passTime(seconds: number): Promise<void>
}

const ether = 10n ** 18n
/** The same in every run, so that signatures have the same bytes. */
const chainId = 1_300_000_007

/** Starts anvil (Prague, so with EIP-7623), deploys everything and stakes for the poster. */
export async function startGasLab(): Promise<GasLab> {
  const anvil = await startAnvil({ chainId })
  const chain = defineChain({
    id: anvil.chainId,
    name: 'gas',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [anvil.url] } },
  })
  const transport = http(anvil.url, { timeout: 60_000 })
  const publicClient = createPublicClient({ chain, transport, cacheTime: 0, pollingInterval: 20 })
  const testClient = createTestClient({ mode: 'anvil', chain, transport })
  const [deployer, admin, operator, poster, guardian, owner] = Array.from({ length: 6 }, (_, i) =>
    devAccount('role', i),
  ) as [Sender, Sender, Sender, Sender, Sender, Sender]
  const endow = (address: Hex) => testClient.setBalance({ address, value: 1_000_000n * ether })
  for (const { address } of [deployer, admin, operator, poster, guardian, owner])
    await endow(address)
  const walletOf = (account: Sender) => createWalletClient({ account, chain, transport })
  const deployment = await deployContracts({
    walletClient: walletOf(deployer),
    publicClient,
    admin: admin.address,
    operator: operator.address,
    epochPoster: poster.address,
    guardian: guardian.address,
    platform: devAccount('payee', 0).address,
    stakers: devAccount('payee', 1).address,
    treasury: devAccount('payee', 2).address,
    disputeWindow: 3600n,
    thawPeriod: 86_400n,
  })
  const staked = { agent: poster.address, amount: 100_000n * ether }
  await stakeFor({ walletClient: walletOf(admin), publicClient, deployment, ...staked })

  const send: GasLab['send'] = async (from, call) => {
    const data = encodeFunctionData(call as Parameters<typeof encodeFunctionData>[0])
    const client = walletOf(from)
    const request = await client.prepareTransactionRequest({ to: call.address, data })
    const signed = await client.signTransaction(request)
    const hash = await publicClient.sendRawTransaction({ serializedTransaction: signed })
    const options = { hash, checkReplacement: false, pollingInterval: 20 }
    const receipt = await publicClient.waitForTransactionReceipt(options)
    if (receipt.status !== 'success') throw new Error(`${call.functionName} reverted`)
    return { gas: Number(receipt.gasUsed), bytes: data.length / 2 - 1, signed, receipt }
  }
  const disperse = async (to: Hex, amount: bigint) => {
    await send(admin, {
      ...{ address: deployment.addresses.token, abi: provenantTokenAbi },
      ...{ functionName: 'transfer', args: [to, amount] },
    })
  }
  return {
    chainId: anvil.chainId,
    deployment,
    accounts: { admin, operator, poster, owner },
    send,
    async fund(accounts, tokens) {
      for (const account of accounts) {
        await endow(account)
        if (tokens > 0n) await disperse(account, tokens)
      }
    },
    async block() {
      const { number, hash, timestamp } = await publicClient.getBlock()
      return { number, hash, timestamp }
    },
    async passTime(seconds) {
      await testClient.increaseTime({ seconds })
      await testClient.mine({ blocks: 1 })
    },
    [Symbol.asyncDispose]: () => anvil.close(),
  }
}
