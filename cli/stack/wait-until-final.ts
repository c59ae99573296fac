import { setTimeout as sleep } from 'node:timers/promises'
import { isErrorWithCode } from '../../schema/errors.ts'
import { queryGraphql } from '../graphql/query-graphql.ts'
import type { RunningStack } from './connect-stack.ts'

/**
 * Waits until everything on the chain so far is final in the tables of a running stack.
 *
 * On its own anvil it mines the blocks that finality needs; on another chain it waits for them.
 */
export async function waitUntilFinal(
  { chain, dev, state }: RunningStack,
  signal: AbortSignal,
): Promise<void> {
  const height = Number(await chain.publicClient.getBlockNumber())
  await dev?.mine(state.finality + 1)
  while ((await readFinalBlock(state.apiUrl)) < height) {
    await sleep(100)
    signal.throwIfAborted()
  }
}

async function readFinalBlock(apiUrl: string): Promise<number> {
  try {
    const { _meta } = await queryGraphql<{ _meta: { finalizedBlock: number } }>(
      apiUrl,
      '{ _meta { finalizedBlock } }',
    )
    return _meta.finalizedBlock
  } catch (error) {
    // Before the first block there is no position to tell.
    if (isErrorWithCode(error, 'QUERY_INVALID')) return -1
    throw error
  }
}
