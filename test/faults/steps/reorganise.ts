import type { Step } from '../plan/scenario.ts'
import type { World } from '../world/world.ts'

/** Replaces the newest blocks of the chain by as many, more or fewer others. */
export async function reorganise(
  { chain, links }: World,
  { shape, depth: wanted, events, atOnce }: Extract<Step, { do: 'reorg' }>,
): Promise<void> {
  // Block 1 is the first with the contracts.
  const depth = Math.min(wanted, (await chain.height()) - 2)
  if (depth < 1) return
  if (atOnce) for (const link of links.node) link.hold()
  try {
    if (shape === 'shorter') {
      await chain.rollBack(depth)
      await chain.mine(Math.max(1, Math.min(8, Math.floor(depth / 2))), events)
    } else {
      await chain.replace(depth, events)
      if (shape === 'longer') await chain.mine(3, events)
    }
  } finally {
    if (atOnce) for (const link of links.node) link.release()
  }
}
