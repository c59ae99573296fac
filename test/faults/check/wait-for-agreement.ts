import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { World } from '../world/world.ts'
import { checkWorld, type Verdict } from './check-world.ts'
import { isQuiet } from './is-quiet.ts'

/**
 * Waits until chain, log and tables agree.
 *
 * @returns the last verdict, with its differences if they never did
 */
export async function waitForAgreement(world: World, patienceMs: number): Promise<Verdict> {
  const until = performance.now() + patienceMs
  for (;;) {
    world.signal.throwIfAborted()
    const last = performance.now() > until
    const verdict = await look(world, last).catch(unreadable)
    if (verdict?.differences.length === 0 || (last && verdict !== undefined)) return verdict
    await sleep(50)
  }
}

/** Undefined while the log or the tables are on their way. */
async function look(world: World, last: boolean): Promise<Verdict | undefined> {
  const database = new pg.Client({
    connectionString: world.databaseUrl,
    connectionTimeoutMillis: 2000,
  })
  database.on('error', () => undefined)
  await database.connect()
  try {
    if (!last && !(await isQuiet(world, database))) return undefined
    return await checkWorld(world, database)
  } finally {
    await database.end().catch(() => undefined)
  }
}

const unreadable = (error: unknown): Verdict => ({
  differences: [`not to be read: ${error}`],
  ...{ facts: 0, revertedBlocks: 0 },
})
