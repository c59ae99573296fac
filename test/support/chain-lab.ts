import {
  type Account,
  createPublicClient,
  createWalletClient,
  defineChain,
  encodeFunctionData,
  http,
  keccak256,
  toHex,
} from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { datanetRegistryAbi } from '../../contracts/abi/datanet-registry.ts'
import { deployContracts } from '../../contracts/deploy.ts'
import { createEventLog } from '../../eventlog/client/create-event-log.ts'
import type { EventLog, RecordedEvent } from '../../eventlog/client/event-log.ts'
import { createEmbeddedEventLog } from '../../eventlog/embedded/create-embedded-event-log.ts'
import {
  createIndexer,
  type Indexer,
  type IndexerOptions,
} from '../../indexer/source/create-indexer.ts'
import type { Deployment } from '../../schema/deployment.ts'
import type { Hex } from '../../schema/events/event.ts'
import { chainStream } from '../../schema/events/streams.ts'
import { startTestChain } from './chain.ts'
import { createTestDatabase } from './database.ts'

const mnemonic = 'test test test test test test test test test test test junk'
const accounts: readonly Account[] = Array.from({ length: 10 }, (_, addressIndex) =>
  mnemonicToAccount(mnemonic, { addressIndex }),
)

/** A chain with the contracts, a database and an event log, for tests that cross them. */
export interface ChainLab extends AsyncDisposable {
  readonly rpcUrl: string
  readonly chainId: number
  readonly deployment: Deployment
  readonly databaseUrl: string
  readonly eventLogUrl: string
  readonly eventLog: EventLog
  readonly accounts: readonly Account[]
  rpc<T = unknown>(method: string, params?: readonly unknown[]): Promise<T>
  height(): Promise<number>
  /** Mines one block with `events` Datanets in it. */
  mine(events?: number): Promise<void>
  /** A transaction that creates a Datanet, unmined. */
  datanetTransaction(): object
  indexer(options?: Partial<IndexerOptions>): Indexer
  events(): Promise<readonly RecordedEvent[]>
  /** Folds the log and compares with the node. */
  compare(): Promise<LogVersusChain>
}

export interface LogVersusChain {
  readonly missing: readonly string[]
  readonly extra: readonly string[]
  readonly duplicates: readonly string[]
  readonly live: number
  readonly reverts: number
}

/**
 * Starts a lab; blocks are mined by `mine` only.
 *
 * @param options.args anvil's
 * @param options.logOf the lab whose database and event log are used instead of own ones
 */
export async function startChainLab(
  options: {
    readonly args?: readonly string[]
    readonly logOf?: Pick<ChainLab, 'databaseUrl' | 'eventLogUrl'>
  } = {},
): Promise<ChainLab> {
  const stack = new AsyncDisposableStackLike()
  const { logOf, ...anvilOptions } = options
  const anvil = stack.use(await startTestChain(anvilOptions))
  const database =
    logOf === undefined ? stack.use(await createTestDatabase()) : { url: logOf.databaseUrl }
  const server =
    logOf === undefined
      ? stack.use(await createEmbeddedEventLog({ databaseUrl: database.url }))
      : { connectionString: logOf.eventLogUrl }
  const eventLog = stack.use(createEventLog({ connectionString: server.connectionString }))
  const { url: rpcUrl, chainId } = anvil
  const chain = defineChain({
    id: chainId,
    name: 'lab',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  })
  const [deployer, admin, operator, poster, guardian] = accounts as [
    Account,
    Account,
    Account,
    Account,
    Account,
  ]
  const deployment = await deployContracts({
    walletClient: createWalletClient({ account: deployer, chain, transport: http(rpcUrl) }),
    publicClient: createPublicClient({ chain, transport: http(rpcUrl) }),
    admin: admin.address,
    operator: operator.address,
    epochPoster: poster.address,
    guardian: guardian.address,
    disputeWindow: 60n,
    thawPeriod: 60n,
  })
  const rpc = async <T>(method: string, params: readonly unknown[] = []): Promise<T> => {
    const response = await fetch(rpcUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
    const body = (await response.json()) as { result?: T; error?: { message: string } }
    if (body.error !== undefined) throw new Error(`${method}: ${body.error.message}`)
    return body.result as T
  }
  await rpc('evm_setAutomine', [false])
  let made = 0
  const datanetTransaction = () => {
    made += 1
    return {
      from: deployer.address,
      to: deployment.addresses.datanets,
      gas: toHex(300_000),
      data: encodeFunctionData({
        abi: datanetRegistryAbi,
        functionName: 'createDatanet',
        args: [keccak256(toHex(made)), `ipfs://${made}`, 1],
      }),
    }
  }
  const events = async () => {
    const all: RecordedEvent[] = []
    for await (const event of eventLog.read(chainStream(chainId))) all.push(event)
    return all
  }
  return {
    rpcUrl,
    chainId,
    deployment,
    databaseUrl: database.url,
    eventLogUrl: server.connectionString,
    eventLog,
    accounts,
    rpc,
    datanetTransaction,
    events,
    height: async () => Number(BigInt(await rpc<Hex>('eth_blockNumber'))),
    async mine(count = 0) {
      for (let i = 0; i < count; i++) await rpc('eth_sendTransaction', [datanetTransaction()])
      await rpc('evm_mine')
    },
    indexer: (options) =>
      createIndexer({
        rpcUrl,
        chainId,
        deployment,
        eventLog,
        finality: 5,
        pollMs: 50,
        cursorMs: 200,
        ...options,
      }),
    compare: async () => compareLogWithChain(await events(), await readKeys(rpc, deployment)),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

async function readKeys(
  rpc: ChainLab['rpc'],
  { addresses }: Deployment,
): Promise<ReadonlySet<string>> {
  const { token: _, ...contracts } = addresses
  const logs = await rpc<{ blockHash: string; logIndex: Hex; topics: Hex[] }[]>('eth_getLogs', [
    { fromBlock: '0x0', toBlock: 'latest', address: Object.values(contracts) },
  ])
  const noFacts = [
    ...['AuthorityUpdated(address)', 'EIP712DomainChanged()'],
    ...['Initialized(uint64)', 'Upgraded(address)'],
  ]
  const ignored = new Set(noFacts.map((signature) => keccak256(toHex(signature))))
  return new Set(
    logs
      .filter((log) => !ignored.has(log.topics[0] as Hex))
      .map((log) => `${log.blockHash}:${Number(BigInt(log.logIndex))}`),
  )
}

/** Folds a log (facts add, a reverted block removes its facts) and compares the live keys. */
export function compareLogWithChain(
  events: readonly RecordedEvent[],
  chain: ReadonlySet<string>,
): LogVersusChain {
  const live = new Map<string, string>()
  const duplicates: string[] = []
  let reverts = 0
  for (const event of events) {
    const { blockHash, logIndex } = event.metadata
    if (event.type === 'BlockReverted') {
      reverts += 1
      for (const [key, hash] of live) if (hash === event.data['hash']) live.delete(key)
    } else if (typeof blockHash === 'string') {
      const key = `${blockHash}:${logIndex}`
      if (live.has(key) && event.type !== 'InferenceRecorded') duplicates.push(key)
      live.set(key, blockHash)
    }
  }
  return {
    missing: [...chain].filter((key) => !live.has(key)),
    extra: [...live.keys()].filter((key) => !chain.has(key)),
    duplicates,
    live: live.size,
    reverts,
  }
}

/** Node 20 has no `AsyncDisposableStack`. */
class AsyncDisposableStackLike {
  readonly #resources: AsyncDisposable[] = []

  use<T extends AsyncDisposable>(resource: T): T {
    this.#resources.push(resource)
    return resource
  }

  async disposeAsync(): Promise<void> {
    for (const resource of this.#resources.reverse()) await resource[Symbol.asyncDispose]()
  }
}
