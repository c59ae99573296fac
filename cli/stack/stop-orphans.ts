import { setTimeout as sleep } from 'node:timers/promises'
import { isErrorWithCode } from '../../schema/errors.ts'
import { runToEnd } from '../services/run-to-end.ts'

const patienceMs = 10_000

/**
 * Stops the database and the node that a killed Provenant left running in a data folder, which only
 * one process may use.
 *
 * Call it only while holding the folder's lock: whatever still works in the folder then has no owner.
 */
export async function stopOrphans(paths: {
  readonly databaseDir: string
  readonly chainStateFile: string
}): Promise<void> {
  for (let waited = 0; ; waited += 100) {
    const orphans = await findOrphans(paths)
    if (orphans.length === 0) return
    for (const pid of orphans) {
      if (waited === 0) tell(pid, 'SIGINT')
      if (waited === patienceMs) tell(pid, 'SIGKILL')
    }
    if (waited > 2 * patienceMs) return
    await sleep(100)
  }
}

async function findOrphans(paths: {
  readonly databaseDir: string
  readonly chainStateFile: string
}): Promise<readonly number[]> {
  try {
    const listed = await runToEnd('ps', ['-e', '-ww', '-o', 'pid=,stat=,args='])
    return listed.split('\n').flatMap((line) => {
      const [, pid, state = '', args = ''] = /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? []
      const ours =
        args.includes(`/postgres -D ${paths.databaseDir} `) ||
        (args.includes('/anvil ') && args.includes(` --state ${paths.chainStateFile}`))
      // A zombie has stopped; nobody has asked it how yet.
      return ours && !state.startsWith('Z') ? [Number(pid)] : []
    })
  } catch (error) {
    // Without `ps` the database says itself that another one uses its folder.
    if (isErrorWithCode(error, 'CHILD_FAILED')) return []
    throw error
  }
}

function tell(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
