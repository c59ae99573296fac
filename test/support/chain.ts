import { randomInt } from 'node:crypto'
import { type Anvil, startAnvil } from '../../cli/services/start-anvil.ts'

/** Starts an anvil of its own for one test file, with a random chain id. */
export async function startTestChain(
  options: { args?: readonly string[]; chainId?: number } = {},
): Promise<Anvil> {
  return startAnvil({ chainId: randomInt(100_000, 2_000_000_000), ...options })
}
