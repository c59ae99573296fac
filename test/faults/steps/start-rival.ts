import { setTimeout as sleep } from 'node:timers/promises'
import type { World } from '../world/world.ts'

/** Runs a second indexer or projector beside the first for a while; it is not started again. */
export async function startRival(
  { lane, options, signal }: World,
  who: 'indexer' | 'projector',
  ms: number,
): Promise<void> {
  const rival = await lane.workers.take(who)
  rival.send({ order: 'start', options: options[who] })
  await Promise.race([rival.gone, sleep(ms, undefined, { signal }).catch(() => undefined)])
  rival.signal('SIGKILL')
  await rival.gone
}
