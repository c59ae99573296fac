import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LocalAccount, maxUint256 } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { createCallVault } from '../../artifacts/create-call-vault.ts'
import { createFolderStore } from '../../artifacts/create-folder-store.ts'
import { createRowVault } from '../../artifacts/create-row-vault.ts'
import { drawSalts } from '../../artifacts/draw-salts.ts'
import { datanetRegistryAbi } from '../../contracts/abi/datanet-registry.ts'
import { inferenceEscrowAbi } from '../../contracts/abi/inference-escrow.ts'
import { modelRegistryAbi } from '../../contracts/abi/model-registry.ts'
import { provenantTokenAbi } from '../../contracts/abi/provenant-token.ts'
import { createChainModelDirectory } from '../../gateway/create-chain-model-directory.ts'
import { createGateway, type Gateway, type GatewayOptions } from '../../gateway/create-gateway.ts'
import { canonicalJson } from '../../schema/codec/canonical-json.ts'
import type { Row } from '../../schema/codec/row.ts'
import type { Hex } from '../../schema/events/event.ts'
import { type DeployedChain, startDeployedChain } from './deployed-chain.ts'
import { type FakeGpuServer, startFakeGpuServer } from './fake-gpu-server.ts'

const bytes32 = (digit: string): Hex => `0x${digit.repeat(64)}`

export const worldRows: readonly Row[] = [
  { question: 'What is the chain id of Base?', answer: '8453' },
  { question: 'What is the chain id of OP Mainnet?', answer: '10' },
  { question: 'Which currency does Gnosis use?', answer: 'xDAI' },
  { question: 'Which explorer shows Arbitrum?', answer: 'Arbiscan' },
]

/** A chain with contracts, one model `atlas` with rows and terms, a backend and its stores. */
export interface GatewayWorld {
  readonly chain: DeployedChain
  readonly gpu: FakeGpuServer
  readonly dir: string
  readonly artifacts: ReturnType<typeof createFolderStore>
  readonly rowVault: ReturnType<typeof createRowVault>
  readonly dataHash: Hex
  readonly operator: Hex
  /** Starts a gateway on the world's folder. */
  start(options?: Partial<GatewayOptions>): Promise<Gateway>
  /** Makes an account with that much in escrow for the operator. */
  payer(deposit: bigint): Promise<LocalAccount>
  /** Makes many accounts, waiting only for the last deposit. */
  payers(count: number, deposit: bigint): Promise<readonly LocalAccount[]>
  deposit(payer: Hex, amount: bigint): Promise<void>
  setTerms(pricePer1kIn: bigint, pricePer1kOut: bigint): Promise<void>
  close(): Promise<void>
}

export async function startGatewayWorld(): Promise<GatewayWorld> {
  const [chain, gpu, dir] = await Promise.all([
    startDeployedChain(),
    startFakeGpuServer(),
    mkdtemp(join(tmpdir(), 'provenant-gateway-')),
  ])
  const { deployment, publicClient } = chain
  const { addresses } = deployment
  const admin = chain.wallet('admin')
  const contributor = chain.wallet('contributor')
  const operator = chain.wallet('operator').account
  const mined = async (hash: Promise<Hex>) => {
    const receipt = await publicClient.waitForTransactionReceipt({
      hash: await hash,
      checkReplacement: false,
      pollingInterval: 50,
    })
    if (receipt.status !== 'success') throw new Error('reverted')
  }

  const artifacts = createFolderStore(join(dir, 'artifacts'))
  const rowVault = createRowVault(join(dir, 'rows'), artifacts)
  const sealed = await rowVault.put({
    rows: worldRows,
    salts: drawSalts(worldRows.length, randomBytes),
  })
  const datanets = { address: addresses.datanets, abi: datanetRegistryAbi } as const
  const models = { address: addresses.models, abi: modelRegistryAbi } as const
  await mined(
    admin.writeContract({
      ...datanets,
      functionName: 'createDatanet',
      args: [bytes32('0'), '', 0],
    }),
  )
  await mined(
    contributor.writeContract({
      ...datanets,
      functionName: 'submitContribution',
      args: [1n, sealed.root, worldRows.length, sealed.byteSize, sealed.dataHash],
    }),
  )
  await mined(
    admin.writeContract({
      ...models,
      functionName: 'registerModel',
      args: ['atlas', bytes32('a'), [1n]],
    }),
  )
  const json = (value: Parameters<typeof canonicalJson>[0]) =>
    artifacts.put(new TextEncoder().encode(canonicalJson(value)))
  const datasetHash = await json({
    kind: 'dataset',
    version: 1,
    contributions: [{ contributionId: '1', root: sealed.root, rows: [0, 1, 2] }],
  })
  const artefactHash = await json({ kind: 'training-run', version: 1, datasetHash })
  await mined(
    admin.writeContract({
      ...models,
      functionName: 'recordTrainingRun',
      args: [1n, bytes32('1'), bytes32('2'), bytes32('3'), artefactHash],
    }),
  )
  await mined(admin.writeContract({ ...models, functionName: 'publishVersion', args: [1n, 1n] }))

  const setTerms = (pricePer1kIn: bigint, pricePer1kOut: bigint) =>
    mined(
      admin.writeContract({
        ...models,
        functionName: 'setTerms',
        args: [1n, pricePer1kIn, pricePer1kOut, 500, 1500, 0, 8000, 1000],
      }),
    )
  await setTerms(1_000_000n, 2_000_000n)
  await mined(
    admin.writeContract({
      address: addresses.token,
      abi: provenantTokenAbi,
      functionName: 'approve',
      args: [addresses.escrow, maxUint256],
    }),
  )
  const sendDeposit = (payer: Hex, amount: bigint) =>
    admin.writeContract({
      address: addresses.escrow,
      abi: inferenceEscrowAbi,
      functionName: 'depositFor',
      args: [payer, operator.address, amount],
      gas: 200_000n,
    })
  const deposit = (payer: Hex, amount: bigint) => mined(sendDeposit(payer, amount))
  const gateways: Gateway[] = []

  return {
    chain,
    gpu,
    dir,
    artifacts,
    rowVault,
    dataHash: sealed.dataHash,
    operator: operator.address.toLowerCase() as Hex,
    async start(options = {}) {
      const rpcUrl = chain.anvil.url
      const gateway = await createGateway({
        dir: join(dir, 'gateway'),
        ...{ rpcUrl, deployment, operator, artifacts, rowVault },
        models: createChainModelDirectory({ rpcUrl, deployment, artifacts }),
        callVault: createCallVault(join(dir, 'calls'), new Uint8Array(32).fill(9)),
        backendUrl: gpu.url,
        batch: { everyMs: 3_600_000, everyCalls: 1_000_000 },
        ...options,
      })
      gateways.push(gateway)
      return gateway
    },
    async payer(amount) {
      const account = privateKeyToAccount(generatePrivateKey())
      if (amount > 0n) await deposit(account.address, amount)
      return account
    },
    async payers(count, amount) {
      const accounts = Array.from({ length: count }, () =>
        privateKeyToAccount(generatePrivateKey()),
      )
      let last: Hex = '0x'
      for (const { address } of accounts) last = await sendDeposit(address, amount)
      await mined(Promise.resolve(last))
      return accounts
    },
    deposit,
    setTerms,
    async close() {
      await Promise.all(gateways.map((gateway) => gateway.close()))
      await Promise.all([gpu.close(), chain.close()])
      await rm(dir, { recursive: true, force: true })
    },
  }
}
