import { numberToHex } from 'viem'
import { findFreePort } from '../../../cli/services/find-free-port.ts'
import { type Anvil, startAnvil } from '../../../cli/services/start-anvil.ts'
import type { Deployment } from '../../../schema/deployment.ts'
import type { Hex } from '../../../schema/events/event.ts'
import type { SeededRandom } from '../plan/seeded-random.ts'
import { blockTraffic, type Emission } from './block-traffic.ts'
import { type CallNode, callNode } from './call-node.ts'
import { contracts } from './contracts.ts'
import { emit, emitterCode } from './emitter.ts'

/** A node of its own with emitters at the contracts' addresses, and what may be done to it. */
export interface ChainUnderTest extends AsyncDisposable {
  readonly port: number
  readonly deployment: Deployment
  readonly call: CallNode
  height(): Promise<number>
  /** Highest block there ever was. */
  readonly highest: number
  /** Mines blocks that hold `events` each; `room` makes them large. */
  mine(
    blocks: number,
    events: number,
    options?: { readonly gap?: number; readonly room?: number },
  ): Promise<void>
  /** Mines blocks in which every `spread`-th holds `events`. */
  mineSparse(blocks: number, spread: number, events: number): Promise<void>
  /** Replaces the newest blocks by as many others, in one step. */
  replace(depth: number, events: number): Promise<void>
  /** Takes the newest blocks away. */
  rollBack(depth: number): Promise<void>
  /** Stops the node, lets `down` pass and starts it again without its last `lost` blocks. */
  restart(lost: number, down: () => Promise<void>): Promise<void>
  /** Sets the time of the blocks to come. */
  moveClock(seconds: number): Promise<void>
}

const gas = numberToHex(20_000_000)

/** @param dir folder for the node's state. */
export async function startChainUnderTest(options: {
  readonly chainId: number
  readonly dir: string
  readonly random: SeededRandom
}): Promise<ChainUnderTest> {
  const { chainId, dir, random } = options
  const port = await findFreePort()
  // With this length of an epoch, `safe` is 1 block behind and `finalized` 2.
  const start = () =>
    startAnvil({
      ...{ chainId, port, stateFile: `${dir}/chain.json` },
      args: [
        '--no-mining',
        '--preserve-historical-states',
        '--timestamp',
        '1800000000',
        '--slots-in-an-epoch',
        '1',
      ],
    })
  let node: Anvil = await start()
  const call = callNode(() => node.url)
  const [from] = await call<readonly [Hex]>('eth_accounts')
  for (const address of Object.values(contracts))
    await call('anvil_setCode', [address, emitterCode])
  await call('evm_mine')
  let highest = 1
  const height = async () => {
    const now = Number(await call<Hex>('eth_blockNumber'))
    highest = Math.max(highest, now)
    return now
  }
  const transaction = ({ to, logs }: Emission) => ({ from, to, gas, data: emit(logs) })
  const seal = async () => {
    await call('evm_mine')
  }
  const mineOne = async (at: number, events: number, room?: number) => {
    for (const emission of blockTraffic(random, at, events, room))
      await call('eth_sendTransaction', [transaction(emission)])
    await seal()
  }
  return {
    ...{ port, call, height },
    deployment: { chainId, blockNumber: 1, addresses: contracts },
    get highest() {
      return highest
    },
    async mine(blocks, events, { gap = 0, room } = {}) {
      for (let i = 0; i < blocks; i++) {
        await mineOne((await height()) + 1, events, room)
        if (gap > 0) await new Promise((resolve) => setTimeout(resolve, gap))
      }
      await height()
    },
    async mineSparse(blocks, spread, events) {
      for (let left = blocks; left > 0; left -= spread) {
        await mineOne((await height()) + 1, events)
        const empty = Math.min(spread, left) - 1
        if (empty > 0) await call('anvil_mine', [numberToHex(empty)])
      }
      await height()
    },
    async replace(depth, events) {
      const above = (await height()) - depth
      const places = new Set(
        Array.from({ length: Math.min(depth, 20) }, () => random.int(0, depth - 1)),
      )
      const pairs = [...places]
        .sort((a, b) => a - b)
        .flatMap((place) =>
          blockTraffic(random, above + place + 1, events).map((one) => [transaction(one), place]),
        )
      await call('anvil_reorg', [depth, pairs])
    },
    async rollBack(depth) {
      await height()
      await call('anvil_rollback', [depth])
    },
    async restart(lost, down) {
      await height()
      await node.close()
      await down()
      node = await startAgain(start)
      if (lost > 0) await call('anvil_rollback', [lost])
    },
    async moveClock(seconds) {
      const { timestamp } = await call<{ timestamp: Hex }>('eth_getBlockByNumber', [
        'latest',
        false,
      ])
      await call('evm_setTime', [Number(timestamp) + seconds])
    },
    [Symbol.asyncDispose]: () => node.close(),
  }
}

/** While a node is down, an outgoing connection of any process may have its port for a moment. */
async function startAgain(start: () => Promise<Anvil>): Promise<Anvil> {
  for (let tries = 1; ; tries++) {
    try {
      return await start()
    } catch (error) {
      if (tries === 4) throw error
    }
  }
}
