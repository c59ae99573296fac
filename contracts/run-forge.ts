import { spawn } from 'node:child_process'
import { lstatSync, symlinkSync, unlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { join } from 'node:path'
import { BaseError } from '../schema/errors.ts'

interface ForgeResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs forge in `contracts/` without network, with the wasm compiler of npm.
 *
 * @param flags - What to pass to forge, e.g. `['test', '--json']`.
 * @returns Exit code and complete output; a failing forge does not throw.
 * @throws `PLATFORM_UNSUPPORTED` when npm installed no forge for this machine.
 */
export async function runForge(flags: readonly string[]): Promise<ForgeResult> {
  linkNodeModules()
  const child = spawn(findForge(), flags, {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
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

// The npm wrapper of forge guesses its tool from npm_package_name, so the binary is found directly.
function findForge(): string {
  const require = createRequire(import.meta.url)
  const fromWrapper = createRequire(require.resolve('@foundry-rs/forge/package.json'))
  const name = `@foundry-rs/forge-${platform()}-${arch() === 'x64' ? 'amd64' : arch()}`
  try {
    return fromWrapper.resolve(`${name}/bin/forge${platform() === 'win32' ? '.exe' : ''}`)
  } catch (cause) {
    throw new BaseError('PLATFORM_UNSUPPORTED', { facts: { package: name }, cause })
  }
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
