import {
  CallExecutionError,
  createPublicClient,
  createWalletClient,
  encodeFunctionData,
  http,
  type LocalAccount,
  type PublicClient,
} from 'viem'
import { inferenceEscrowAbi } from '../contracts/abi/inference-escrow.ts'
import { inferenceLedgerAbi } from '../contracts/abi/inference-ledger.ts'
import type { Deployment } from '../schema/deployment.ts'
import { BaseError } from '../schema/errors.ts'
import type { Hex } from '../schema/events/event.ts'
import { askNode } from './ask-node.ts'
import { createLedgerWrites } from './create-ledger-writes.ts'
import type { LedgerChain } from './ledger-chain.ts'
import { readOpenBatches } from './read-open-batches.ts'

// The ledger gives a wallet contract 200,000 gas; a call that needs more would be skipped.
const signatureGas = 300_000n

/** Connects ledger and escrow of one deployment over JSON-RPC. */
export function createLedgerChain(options: {
  readonly rpcUrl: string
  readonly deployment: Deployment
  readonly operator: LocalAccount
  /** How long to wait for the receipt of a batch. */
  readonly receiptTimeoutMs?: number
}): LedgerChain {
  const { rpcUrl, deployment, operator: account } = options
  const chain = chainOf(deployment.chainId, rpcUrl)
  const transport = http(rpcUrl, { batch: true, timeout: 10_000 })
  const node = createPublicClient({ chain, transport, cacheTime: 0, pollingInterval: 100 })
  const wallet = createWalletClient({ account, chain, transport: http(rpcUrl) })
  const ledger = { address: deployment.addresses.ledger, abi: inferenceLedgerAbi } as const
  const escrow = { address: deployment.addresses.escrow, abi: inferenceEscrowAbi } as const
  const operator = account.address.toLowerCase() as Hex
  const timeout = options.receiptTimeoutMs ?? 120_000

  return {
    chainId: deployment.chainId,
    ledger: ledger.address,
    operator,
    async check() {
      const actual = await askNode('chain id', () => node.getChainId())
      if (actual !== deployment.chainId)
        throw new BaseError('WRONG_CHAIN_ID', { facts: { expected: deployment.chainId, actual } })
    },
    laneOf: ({ payer, modelId, termsVersion }) =>
      askNode('laneOf', () =>
        node.readContract({
          ...ledger,
          functionName: 'laneOf',
          args: [payer, operator, modelId, termsVersion],
        }),
      ),
    async accountOf(payer) {
      const account = await askNode('accountOf', () =>
        node.readContract({ ...escrow, functionName: 'accountOf', args: [payer, operator] }),
      )
      return {
        chargeable: account.deposited - account.withdrawn - account.thawing,
        charged: account.charged,
      }
    },
    signerOf: (payer, key) =>
      askNode('signerOf', () =>
        node.readContract({ ...escrow, functionName: 'signerOf', args: [payer, key] }),
      ),
    hasCode: (address) =>
      askNode('code', async () => ((await node.getCode({ address })) ?? '0x') !== '0x'),
    isSignedBy: (signer, digest, signature) =>
      askNode('isSignedBy', () => isSignedBy(node, ledger.address, [signer, digest, signature])),
    blockNumber: () => askNode('blockNumber', () => node.getBlockNumber()),
    openBatches: (fromBlock) =>
      askNode('openBatches', () => readOpenBatches(node, ledger.address, operator, fromBlock)),
    ...createLedgerWrites({ node, wallet, ledger: ledger.address, timeout }),
  }
}

// A wallet contract that reverts or runs out of gas has not signed; a silent node is another matter.
async function isSignedBy(
  node: PublicClient,
  ledger: Hex,
  args: readonly [Hex, Hex, Hex],
): Promise<boolean> {
  const data = encodeFunctionData({ abi: inferenceLedgerAbi, functionName: 'isSignedBy', args })
  try {
    const answer = await node.call({ to: ledger, data, gas: signatureGas })
    return answer.data !== undefined && BigInt(answer.data) === 1n
  } catch (error) {
    if (!(error instanceof CallExecutionError)) throw error
    await node.getChainId()
    return false
  }
}

const chainOf = (id: number, rpcUrl: string) => ({
  id,
  name: `chain ${id}`,
  nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
  rpcUrls: { default: { http: [rpcUrl] } },
})
