import { setTimeout as sleep } from 'node:timers/promises'
import { encodeFunctionData, parseAbi, toHex } from 'viem'
import { type Anvil, startAnvil } from '../../cli/services/start-anvil.ts'
import { isAlive } from '../../cli/stack/is-alive.ts'
import type { Deployment } from '../../schema/deployment.ts'
import type { Hex } from '../../schema/events/event.ts'
import { compileEmitter } from './compile-emitter.ts'

const abi = parseAbi(['function burst(uint256 first, uint256 count, address models)'])

/** Where the contracts would be; only the registries of Datanets and models have code. */
const contracts = [
  ...(['token', 'datanets', 'models', 'escrow', 'ledger', 'rewards', 'access'] as const),
  ...(['staking', 'disputes', 'faults', 'votes', 'governor', 'timelock', 'proposals'] as const),
]

const addresses = Object.fromEntries(
  contracts.map((name, i) => [name, toHex(0xb0057000 + i, { size: 20 })]),
) as unknown as Deployment['addresses']

export interface BurstChain extends AsyncDisposable {
  readonly url: string
  readonly chainId: number
  readonly pid: number
  readonly deployment: Deployment
  /** Events in the chain so far; each is one log and one row. */
  readonly events: number
  rpc<T = unknown>(method: string, params?: readonly unknown[]): Promise<T>
  /** Mines `blocks` blocks, each `every`-th with `perBurst` events, beginning with the first. */
  fill(plan: BurstPlan): Promise<void>
  /** Mines one block with so many events. */
  burst(events: number): Promise<void>
  /** Sends a transaction with so many events, for the next block. */
  queue(events: number): Promise<void>
  height(): Promise<number>
  /** Stops the node, which keeps its chain in `stateFile`, and starts it again on the same port. */
  restart(): Promise<void>
}

export interface BurstPlan {
  readonly blocks: number
  readonly every: number
  readonly perBurst: number
}

export interface BurstChainOptions {
  /** @default 31337 */
  readonly chainId?: number
  /** Where the node keeps its chain over a restart. */
  readonly stateFile?: string
  /** More arguments of anvil. */
  readonly args?: readonly string[]
}

/**
 * Starts a private chain on which the events of our registries come in bursts; nothing mines itself.
 *
 * A block holds at most 4,900 events (60 million gas).
 */
export async function startBurstChain(options: BurstChainOptions = {}): Promise<BurstChain> {
  const { chainId = 31_337, stateFile } = options
  const start = (port?: number): Promise<Anvil> =>
    startAnvil({
      ...{ chainId, args: ['--no-mining', ...(options.args ?? [])] },
      ...(stateFile === undefined ? {} : { stateFile }),
      ...(port === undefined ? {} : { port }),
    })
  let anvil = await start()
  let question = 0
  const rpc = async <T>(method: string, params: readonly unknown[] = []): Promise<T> => {
    question += 1
    const response = await fetch(anvil.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: question, method, params }),
    })
    const body = (await response.json()) as { result?: T; error?: { message: string } }
    if (body.error !== undefined) throw new Error(`${method}: ${body.error.message}`)
    return body.result as T
  }
  const code = compileEmitter()
  for (const to of [addresses.datanets, addresses.models]) await rpc('anvil_setCode', [to, code])
  const [from] = await rpc<Hex[]>('eth_accounts')
  let events = 0
  const send = async (count: number) => {
    const args = [BigInt(events), BigInt(count), addresses.models] as const
    await rpc('eth_sendTransaction', [
      {
        ...{ from, to: addresses.datanets, gas: toHex(100_000 + count * 12_000) },
        data: encodeFunctionData({ abi, functionName: 'burst', args }),
      },
    ])
    events += count
  }
  const burst = async (count: number) => {
    await send(count)
    await rpc('evm_mine')
  }
  return {
    url: anvil.url,
    chainId,
    get pid() {
      return anvil.pid
    },
    deployment: { chainId, blockNumber: 0, addresses },
    get events() {
      return events
    },
    rpc,
    burst,
    queue: send,
    async fill({ blocks, every, perBurst }) {
      for (let block = 0; block < blocks; block += every) {
        await burst(perBurst)
        const empty = Math.min(every, blocks - block) - 1
        if (empty > 0) await rpc('anvil_mine', [toHex(empty)])
      }
    },
    height: async () => Number(await rpc<Hex>('eth_blockNumber')),
    async restart() {
      const { pid } = anvil
      process.kill(pid, 'SIGINT')
      // Writing a long chain takes longer than the patience of `close`, which ends in SIGKILL.
      while (isAlive(pid)) await sleep(50)
      anvil = await start(Number(new URL(anvil.url).port))
    },
    [Symbol.asyncDispose]: () => anvil.close(),
  }
}
