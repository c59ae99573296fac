import { createTestClient, http, parseEther } from 'viem'
import type { Hex } from '../../schema/events/event.ts'
import type { ChainConnection } from './connect-chain.ts'

/** What only a development node can do; absent on a real chain. */
export interface DevChain {
  /** Mines blocks at once. */
  mine(blocks: number): Promise<void>
  /** Moves the clock of the next block. */
  increaseTime(seconds: number): Promise<void>
  /** Gives gas money to accounts. */
  fund(accounts: readonly Hex[]): Promise<void>
}

/** Opens anvil's own methods on a chain we started ourselves. */
export function createDevChain(chain: ChainConnection): DevChain {
  const client = createTestClient({ mode: 'anvil', transport: http(chain.rpcUrl) })
  return {
    mine: (blocks) => client.mine({ blocks }),
    increaseTime: async (seconds) => {
      await client.increaseTime({ seconds })
    },
    fund: async (accounts) => {
      for (const address of accounts)
        await client.setBalance({ address, value: parseEther('1000') })
    },
  }
}
