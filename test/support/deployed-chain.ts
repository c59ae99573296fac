import {
  type Account,
  type Chain,
  createPublicClient,
  createWalletClient,
  defineChain,
  http,
  type PublicClient,
  type Transport,
  type WalletClient,
} from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import type { Anvil } from '../../cli/services/start-anvil.ts'
import { deployContracts } from '../../contracts/deploy.ts'
import { stakeFor } from '../../contracts/stake-for.ts'
import type { Deployment } from '../../schema/deployment.ts'
import { startTestChain } from './chain.ts'

/** Anvil's own accounts, each with 10,000 ether. */
const mnemonic = 'test test test test test test test test test test test junk'
const names = ['deployer', 'admin', 'operator', 'epochPoster', 'guardian', 'payer', 'contributor']

type Wallet = WalletClient<Transport, Chain, Account>

export interface DeployedChain {
  readonly anvil: Anvil
  readonly chain: Chain
  readonly deployment: Deployment
  readonly publicClient: PublicClient
  /** A wallet per role of the test; `admin` holds the token supply. */
  wallet(
    name: 'deployer' | 'admin' | 'operator' | 'epochPoster' | 'guardian' | 'payer' | 'contributor',
  ): Wallet & { readonly account: ReturnType<typeof mnemonicToAccount> }
  /** Mines one block that many seconds later. */
  passTime(seconds: number): Promise<void>
  close(): Promise<void>
}

/**
 * Starts an anvil of its own with all contracts on it, a window of 1 hour and a thaw of 1 day; the
 * poster has 1,000 tokens at stake.
 */
export async function startDeployedChain(): Promise<DeployedChain> {
  const anvil = await startTestChain()
  const chain = defineChain({
    id: anvil.chainId,
    name: 'test',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [anvil.url] } },
  })
  const transport = http(anvil.url)
  const publicClient = createPublicClient({ chain, transport, pollingInterval: 50 })
  const wallet: DeployedChain['wallet'] = (name) => {
    const account = mnemonicToAccount(mnemonic, { addressIndex: names.indexOf(name) })
    return createWalletClient({ account, chain, transport, pollingInterval: 50 })
  }
  const deployment = await deployContracts({
    walletClient: wallet('deployer'),
    publicClient,
    admin: wallet('admin').account.address,
    operator: wallet('operator').account.address,
    epochPoster: wallet('epochPoster').account.address,
    guardian: wallet('guardian').account.address,
    disputeWindow: 3600n,
    thawPeriod: 86_400n,
  })
  await stakeFor({
    walletClient: wallet('admin'),
    publicClient,
    deployment,
    agent: wallet('epochPoster').account.address,
    amount: 10n ** 21n,
  })
  const request = publicClient.request as (call: {
    method: string
    params: readonly unknown[]
  }) => Promise<unknown>
  return {
    anvil,
    chain,
    deployment,
    publicClient,
    wallet,
    async passTime(seconds) {
      await request({ method: 'evm_increaseTime', params: [seconds] })
      await request({ method: 'evm_mine', params: [] })
    },
    close: () => anvil.close(),
  }
}
