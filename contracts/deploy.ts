import {
  type Abi,
  type Account,
  type Chain,
  type ContractConstructorArgs,
  encodeDeployData,
  getContractAddress,
  type PublicClient,
  type Transport,
  type WalletClient,
} from 'viem'
import type { Deployment } from '../schema/deployment.ts'
import { BaseError } from '../schema/errors.ts'
import type { Hex } from '../schema/events/event.ts'
import { datanetRegistryAbi, datanetRegistryBytecode } from './abi/datanet-registry.ts'
import { inferenceEscrowAbi, inferenceEscrowBytecode } from './abi/inference-escrow.ts'
import { inferenceLedgerAbi, inferenceLedgerBytecode } from './abi/inference-ledger.ts'
import { modelRegistryAbi, modelRegistryBytecode } from './abi/model-registry.ts'
import { provenantAccessAbi, provenantAccessBytecode } from './abi/provenant-access.ts'
import { provenantTokenAbi, provenantTokenBytecode } from './abi/provenant-token.ts'
import { rewardsDistributorAbi, rewardsDistributorBytecode } from './abi/rewards-distributor.ts'
import { type Roles, verifyDeployment } from './verify-deployment.ts'
import { wireAccess } from './wire-access.ts'

export interface DeployOptions extends Roles {
  /** Pays for the deployment and holds no role after it, unless it is one of those named. */
  readonly walletClient: WalletClient<Transport, Chain, Account>
  readonly publicClient: PublicClient
  /** Seconds between proposing and activating an epoch. */
  readonly disputeWindow: bigint
  /** Seconds that a payer's withdrawal waits; longer than the operator takes to post a batch. */
  readonly thawPeriod: bigint
  /** Receives the whole token supply; the admin by default. */
  readonly tokenHolder?: Hex
  /** Base units; 10^9 tokens by default. */
  readonly tokenSupply?: bigint
}

/**
 * Deploys all contracts, gives each role to its account and checks the result on the chain.
 *
 * @throws `WRONG_CHAIN_ID` before the first transaction when the node serves another chain than
 * the wallet is for, `ROLES_NOT_SEPARATE`, `DEPLOYMENT_FAILED`, `DEPLOYMENT_UNSOUND`.
 */
export async function deployContracts(options: DeployOptions): Promise<Deployment> {
  const { walletClient, publicClient } = options
  const chainId = await publicClient.getChainId()
  const expected = walletClient.chain.id
  if (chainId !== expected)
    throw new BaseError('WRONG_CHAIN_ID', { facts: { expected, actual: chainId } })
  requireSeparateRoles(options)

  const deployer = walletClient.account.address
  let nonce = await publicClient.getTransactionCount({ address: deployer })
  let blockNumber: number | undefined
  const addressAfter = (transactions: number) =>
    getContractAddress({ from: deployer, nonce: BigInt(nonce + transactions) })

  const deploy = async <const A extends Abi>(
    name: string,
    abi: A,
    bytecode: Hex,
    args: ContractConstructorArgs<A>,
  ): Promise<Hex> => {
    const address = addressAfter(0)
    const data = encodeDeployData({ abi, bytecode, args } as Parameters<typeof encodeDeployData>[0])
    const block = await send(options, name, { data, nonce })
    nonce += 1
    blockNumber ??= block
    return address.toLowerCase() as Hex
  }

  const access = await deploy('ProvenantAccess', provenantAccessAbi, provenantAccessBytecode, [
    deployer,
  ])
  const token = await deploy('ProvenantToken', provenantTokenAbi, provenantTokenBytecode, [
    options.tokenHolder ?? options.admin,
    options.tokenSupply ?? 10n ** 27n,
  ])
  const datanets = await deploy('DatanetRegistry', datanetRegistryAbi, datanetRegistryBytecode, [])
  const models = await deploy('ModelRegistry', modelRegistryAbi, modelRegistryBytecode, [datanets])
  const rewards = await deploy(
    'RewardsDistributor',
    rewardsDistributorAbi,
    rewardsDistributorBytecode,
    [access, token, options.disputeWindow],
  )
  // Escrow and ledger hold each other's address for good, so the ledger's is computed ahead.
  const escrow = await deploy('InferenceEscrow', inferenceEscrowAbi, inferenceEscrowBytecode, [
    rewards,
    addressAfter(1),
    options.thawPeriod,
  ])
  const ledger = await deploy('InferenceLedger', inferenceLedgerAbi, inferenceLedgerBytecode, [
    access,
    escrow,
  ])

  const addresses = { token, datanets, models, escrow, ledger, rewards, access }
  const data = wireAccess({ ...options, deployer, addresses })
  await send(options, 'roles', { to: access, data, nonce })
  await verifyDeployment({ ...options, deployer, addresses })
  return { chainId, blockNumber: blockNumber ?? 0, addresses }
}

function requireSeparateRoles({ operator, epochPoster, guardian }: Roles): void {
  const accounts = [operator, epochPoster, guardian].map((account) => account.toLowerCase())
  if (new Set(accounts).size < accounts.length)
    throw new BaseError('ROLES_NOT_SEPARATE', { facts: { operator, epochPoster, guardian } })
}

async function send(
  { walletClient, publicClient }: DeployOptions,
  step: string,
  transaction: { readonly to?: Hex; readonly data: Hex; readonly nonce: number },
): Promise<number> {
  try {
    const hash = await walletClient.sendTransaction(transaction)
    // While viem looks for a replacement it drops block notifications; on a node that only mines
    // when something is sent, the dropped one is the last and the wait never ends.
    const receipt = await publicClient.waitForTransactionReceipt({
      hash,
      checkReplacement: false,
      pollingInterval: 100,
    })
    if (receipt.status === 'success') return Number(receipt.blockNumber)
    throw new BaseError('DEPLOYMENT_FAILED', { facts: { step, transaction: hash } })
  } catch (cause) {
    if (cause instanceof BaseError) throw cause
    throw new BaseError('DEPLOYMENT_FAILED', { facts: { step }, cause })
  }
}
