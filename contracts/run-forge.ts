import { spawn } from 'node:child_process'
import { lstatSync, symlinkSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { findForge } from './find-forge.ts'

interface ForgeResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs forge in `contracts/` without network, with the wasm compiler of npm.
 *
 * @param flags - What to pass to forge, e.g. `['test', '--json']`.
 * @param options - The whole environment, if not that of this process; who hears of each line of stdout.
 * @returns Exit code and complete output; a failing forge does not throw.
 * @throws `PLATFORM_UNSUPPORTED` when npm installed no forge for this machine.
 */
export async function runForge(
  flags: readonly string[],
  options: {
    readonly environment?: Readonly<Record<string, string>>
    readonly onLine?: (line: string) => void
  } = {},
): Promise<ForgeResult> {
  linkNodeModules()
  const child = spawn(findForge(), flags, {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.environment && { env: options.environment }),
  })
  const { onLine } = options
  if (onLine !== undefined) createInterface({ input: child.stdout }).on('line', onLine)
  const exited = new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })
  const [stdout, stderr, exitCode] = await Promise.all([
    readAll(child.stdout),
    readAll(child.stderr),
    exited,
  ])
  return { exitCode, stdout, stderr }
}

// wasm solc cannot read sources outside the project root, so the packages must appear inside it.
function linkNodeModules(): void {
  const link = join(import.meta.dirname, 'node_modules')
  const existing = lstatSync(link, { throwIfNoEntry: false })
  if (existing?.isSymbolicLink() === true) return
  if (existing !== undefined) unlinkSync(link)
  symlinkSync('../node_modules', link, 'dir')
}

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}
