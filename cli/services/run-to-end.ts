import { type SpawnOptions, spawn } from 'node:child_process'
import { BaseError } from '../../schema/errors.ts'

/**
 * Runs a program to its end and returns its standard output.
 *
 * @throws `CHILD_FAILED` with the tail of its standard error when it exits non-zero.
 */
export async function runToEnd(
  command: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    let out = ''
    let errors = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString('utf8')
    })
    child.stderr?.on('data', (chunk: Buffer) => {
      errors = (errors + chunk.toString('utf8')).slice(-4000)
    })
    child.once('error', (cause) =>
      reject(new BaseError('CHILD_FAILED', { facts: { command }, cause })),
    )
    child.once('close', (code, signal) => {
      if (code === 0) resolve(out)
      else
        reject(
          new BaseError('CHILD_FAILED', {
            facts: { command, exit: code ?? signal ?? 'unknown', stderr: errors },
          }),
        )
    })
  })
}
