import { setTimeout as sleep } from 'node:timers/promises'
import { chainStream } from '../../schema/events/streams.ts'
import type { Stack } from './start-stack.ts'

/**
 * Waits until everything on the chain so far is final in the log and visible in the tables.
 *
 * On our own anvil it mines the blocks that finality needs; on another chain it waits for them.
 */
export async function finalise(
  stack: Pick<Stack, 'services' | 'indexer' | 'projector' | 'eventLog'>,
  finality: number,
  signal?: AbortSignal,
): Promise<void> {
  const { chain, dev } = stack.services
  const height = Number(await chain.publicClient.getBlockNumber())
  await dev?.mine(finality + 1)
  await stack.indexer.indexed(height, { final: true, ...(signal === undefined ? {} : { signal }) })
  await caughtUp(stack, chain.chainId, signal)
}

async function caughtUp(
  stack: Pick<Stack, 'projector' | 'eventLog'>,
  chainId: number,
  signal?: AbortSignal,
): Promise<void> {
  const stream = chainStream(chainId)
  let last = await stack.eventLog.readLast(stream)
  while (last === undefined) {
    signal?.throwIfAborted()
    await sleep(50)
    last = await stack.eventLog.readLast(stream)
  }
  await stack.projector.waitFor({ stream, revision: last.revision }, signal)
}
