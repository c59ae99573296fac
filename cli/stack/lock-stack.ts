import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BaseError } from '../../schema/errors.ts'
import { isAlive } from './is-alive.ts'

/**
 * Keeps a second Provenant away from a data folder; call the result to let go.
 *
 * @throws `STACK_RUNNING` while the process that holds the lock lives.
 */
export async function lockStack(dir: string): Promise<() => Promise<void>> {
  const lock = join(dir, 'up.lock')
  await mkdir(dir, { recursive: true })
  for (let tries = 0; ; tries++) {
    try {
      await writeFile(lock, String(process.pid), { flag: 'wx' })
      return () => rm(lock, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const pid = Number(await readFile(lock, 'utf8').catch(() => ''))
      // Our own number is left from a crash: in a container every start has it.
      if (tries > 3 || (pid !== process.pid && isAlive(pid)))
        throw new BaseError('STACK_RUNNING', { facts: { lock, pid } })
      await rm(lock, { force: true })
    }
  }
}
