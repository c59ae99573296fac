import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Runs a TypeScript file in a Node process of its own and parses the JSON that it prints. */
export async function runChild<Result>(file: string, args: readonly string[]): Promise<Result> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), file, ...args],
    { maxBuffer: 2 ** 26 },
  )
  return JSON.parse(stdout) as Result
}
