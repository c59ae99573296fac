import {
  type Abi,
  type Account,
  createPublicClient,
  createWalletClient,
  defineChain,
  encodeDeployData,
  encodeFunctionData,
  http,
  type TransactionReceipt,
} from 'viem'
import type { Hex } from '../../schema/events/event.ts'
import { provenantTokenAbi, provenantTokenBytecode } from '../abi/provenant-token.ts'
import { provenantTokenL2Abi, provenantTokenL2Bytecode } from '../abi/provenant-token-l2.ts'
import { bridgeAbi, messengerAbi } from './bridge-abi.fixture.ts'
import { compileStubPortal } from './compile-stub-portal.fixture.ts'
import { readOpBytecode } from './op-artifact.fixture.ts'

/** Predeploys of every OP Stack chain. */
export const predeploys = {
  messenger: '0x4200000000000000000000000000000000000007',
  bridge: '0x4200000000000000000000000000000000000010',
  l1Block: '0x4200000000000000000000000000000000000015',
  messagePasser: '0x4200000000000000000000000000000000000016',
  superchainTokenBridge: '0x4200000000000000000000000000000000000028',
} as const

// On L1 these are proxies anywhere; here their code is placed with empty storage, as behind a proxy.
const l1Messenger = '0x25ace71c97B33Cc4729CF772ae268934F7ab5fA1'
const l1Bridge = '0x99C9fc46f92E8a1c0deC1b1747d010903E884bE1'

/** One side of the bridge. */
export interface BridgeChain {
  readonly read: <T>(address: Hex, abi: Abi, functionName: string, args?: unknown[]) => Promise<T>
  /** Sends one transaction and waits; a reverted one is answered, not thrown. */
  readonly send: (
    from: Account | Hex,
    to: Hex | null,
    data: Hex,
    gas?: bigint,
  ) => Promise<TransactionReceipt>
  readonly deploy: (from: Account, abi: Abi, bytecode: Hex, args: unknown[]) => Promise<Hex>
}

export interface StandardBridge {
  readonly l1: BridgeChain & { readonly bridge: Hex; readonly messenger: Hex; readonly portal: Hex }
  readonly l2: BridgeChain & { readonly bridge: Hex; readonly messenger: Hex }
  readonly l1Token: Hex
  readonly l2Token: Hex
}

/**
 * Puts Optimism's own bridge contracts on two local chains, and the token on both sides of it.
 *
 * @param holder - Receives the whole supply on L1 and sends the deployments.
 */
export async function startBridge(options: {
  readonly l1: { readonly url: string; readonly chainId: number }
  readonly l2: { readonly url: string; readonly chainId: number }
  readonly holder: Account
  readonly supply: bigint
}): Promise<StandardBridge> {
  const { holder } = options
  const [l1, l2] = [connect(options.l1), connect(options.l2)]
  const portal = await l1.deploy(holder, [], await compileStubPortal(), [])
  await l1.place(l1Messenger, 'L1CrossDomainMessenger')
  await l1.place(l1Bridge, 'L1StandardBridge')
  await l2.place(predeploys.messenger, 'L2CrossDomainMessenger')
  await l2.place(predeploys.bridge, 'L2StandardBridge')
  await l2.place(predeploys.messagePasser, 'L2ToL1MessagePasser')
  await l2.place(predeploys.l1Block, 'L1Block')
  const initialize = async (chain: BridgeChain, abi: Abi, to: Hex, args: Hex[]) => {
    const data = encodeFunctionData({ abi, functionName: 'initialize', args })
    const { status } = await chain.send(holder, to, data)
    if (status !== 'success') throw new RangeError(`initialize of ${to} reverted`)
  }
  await initialize(l1, messengerAbi, l1Messenger, [portal, portal, portal])
  await initialize(l1, bridgeAbi, l1Bridge, [l1Messenger, portal, portal])
  await initialize(l2, messengerAbi, predeploys.messenger, [l1Messenger])
  await initialize(l2, bridgeAbi, predeploys.bridge, [l1Bridge])
  const l1Token = await l1.deploy(holder, provenantTokenAbi, provenantTokenBytecode, [
    holder.address,
    options.supply,
  ])
  const l2Token = await l2.deploy(holder, provenantTokenL2Abi, provenantTokenL2Bytecode, [l1Token])
  return {
    l1: { ...l1, bridge: l1Bridge, messenger: l1Messenger, portal },
    l2: { ...l2, bridge: predeploys.bridge, messenger: predeploys.messenger },
    l1Token,
    l2Token,
  }
}

function connect(node: { readonly url: string; readonly chainId: number }) {
  const chain = defineChain({
    id: node.chainId,
    name: 'bridged',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [node.url] } },
  })
  const transport = http(node.url)
  const client = createPublicClient({ chain, transport, pollingInterval: 10, cacheTime: 0 })
  const wallet = createWalletClient({ chain, transport })
  const rpc = (method: string, params: unknown[]): Promise<unknown> =>
    client.request({ method, params } as never)

  const send: BridgeChain['send'] = async (from, to, data, gas = 3_000_000n) => {
    if (typeof from === 'string') {
      await rpc('anvil_impersonateAccount', [from])
      await rpc('anvil_setBalance', [from, '0xde0b6b3a7640000'])
    }
    const hash = await wallet.sendTransaction({ account: from, to, data, gas })
    return client.waitForTransactionReceipt({ hash })
  }
  return {
    send,
    read: async <T>(address: Hex, abi: Abi, functionName: string, args: unknown[] = []) =>
      (await client.readContract({ address, abi, functionName, args })) as T,
    deploy: async (from: Account, abi: Abi, bytecode: Hex, args: unknown[]): Promise<Hex> => {
      const data = encodeDeployData({ abi, bytecode, args })
      const { contractAddress } = await send(from, null, data)
      if (contractAddress == null) throw new RangeError('the deployment reverted')
      return contractAddress
    },
    place: async (address: Hex, name: string) =>
      rpc('anvil_setCode', [address, await readOpBytecode(name)]),
  }
}
