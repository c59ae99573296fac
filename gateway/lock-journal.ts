import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { BaseError } from '../schema/errors.ts'

const held = new Set<string>()

/**
 * Keeps a second gateway of this machine away from a journal; call the result to let go.
 *
 * Two writers would each replace the file under the other and lose answered calls.
 *
 * @throws `JOURNAL_LOCKED` while the process that holds the lock lives.
 */
export async function lockJournal(path: string): Promise<() => Promise<void>> {
  const lock = `${path}.lock`
  await mkdir(dirname(path), { recursive: true })
  if (held.has(lock)) throw locked(lock, process.pid)
  held.add(lock)
  try {
    await writeLock(lock)
  } catch (error) {
    held.delete(lock)
    throw error
  }
  return async () => {
    if (held.delete(lock)) await rm(lock, { force: true })
  }
}

async function writeLock(lock: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await writeFile(lock, String(process.pid), { flag: 'wx' })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const pid = Number(await readFile(lock, 'utf8').catch(() => ''))
      if (tries > 3 || isAlive(pid)) throw locked(lock, pid)
      await rm(lock, { force: true })
    }
  }
}

// Our own number in a lock we do not hold is left from a crash: in a container every start has it.
function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const locked = (lock: string, pid: number) =>
  new BaseError('JOURNAL_LOCKED', { facts: { lock, pid } })
