import type { World } from '../world/world.ts'

/** Ends every fault, waits for what goes on, and lets the chain grow beyond what it ever was. */
export async function heal(world: World): Promise<void> {
  const { chain, links, rpc, heads, volume, postgres, background, scenario } = world
  rpc.set({})
  heads.faults = {}
  volume?.fill('all')
  await Promise.all(background)
  for (const list of Object.values(links))
    for (const link of list) {
      link.refuse(false)
      link.release()
    }
  await postgres.revive()
  const behind = Math.max(0, chain.highest - (await chain.height()))
  if (behind > 0) await chain.mineSparse(behind, 10, 1)
  await chain.mine(2, 3)
  const { finality } = scenario.setup
  await chain.mine(typeof finality === 'number' ? finality + 1 : 3, 0)
}
