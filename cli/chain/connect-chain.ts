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
import { privateKeyToAccount } from 'viem/accounts'
import { rpcHost } from '../../indexer/source/rpc-host.ts'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'

export type Wallet = WalletClient<Transport, Chain, Account>

/** A chain that answers, with its id checked. */
export interface ChainConnection {
  readonly rpcUrl: string
  readonly chainId: number
  readonly publicClient: PublicClient<Transport, Chain>
  wallet(privateKey: Hex): Wallet
}

/**
 * Connects to a node and checks that it serves the expected chain.
 *
 * @throws `NODE_UNAVAILABLE`, `WRONG_CHAIN_ID`.
 */
export async function connectChain(rpcUrl: string, expected?: number): Promise<ChainConnection> {
  const probe = createPublicClient({ transport: http(rpcUrl, { retryCount: 2 }) })
  const chainId = await probe.getChainId().catch((cause: unknown) => {
    throw new BaseError('NODE_UNAVAILABLE', { facts: { host: rpcHost(rpcUrl) }, cause })
  })
  if (expected !== undefined && expected !== chainId)
    throw new BaseError('WRONG_CHAIN_ID', {
      facts: { expected, actual: chainId, host: rpcHost(rpcUrl) },
    })
  const chain = defineChain({
    id: chainId,
    name: `chain ${chainId}`,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  })
  const transport = http(rpcUrl)
  const publicClient = createPublicClient({ chain, transport, pollingInterval: 50, cacheTime: 0 })
  return {
    rpcUrl,
    chainId,
    publicClient,
    wallet: (privateKey) =>
      createWalletClient({ account: privateKeyToAccount(privateKey), chain, transport }),
  }
}
