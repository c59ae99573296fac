import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const sources = join(import.meta.dirname, 'peers')

/**
 * Copies the project of another indexer into the temporary folder and installs its packages there,
 * once per list of packages: they are no dependencies of ours.
 *
 * @returns the folder of the project
 */
export async function installPeer(name: 'squid' | 'ponder'): Promise<string> {
  const manifest = await readFile(join(sources, name, 'package.json'))
  const key = createHash('sha256').update(manifest).update(process.version).digest('hex')
  const dir = join(tmpdir(), `provenant-bench-${name}-${key.slice(0, 12)}`)
  const complete = join(dir, '.complete')
  await mkdir(dir, { recursive: true })
  if (!existsSync(complete)) {
    await rm(join(dir, 'node_modules'), { recursive: true, force: true })
    await cp(join(sources, name, 'package.json'), join(dir, 'package.json'))
    await promisify(execFile)(
      process.platform === 'win32' ? 'npm.cmd' : 'npm',
      ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--omit=dev'],
      { cwd: dir, timeout: 600_000, maxBuffer: 2 ** 26 },
    )
    await writeFile(complete, '')
  }
  await cp(join(sources, name), dir, { recursive: true })
  return dir
}

/** The names that Ponder looks for, whatever the files hold. */
const ponderFiles = [
  ['ponder.config.js', 'ponder.config.ts'],
  ['ponder.schema.js', 'ponder.schema.ts'],
  ['src/index.js', 'src/index.ts'],
  ['src/api/index.js', 'src/api/index.ts'],
] as const

/** Installs Ponder with the limit of its client as it ships, or without. */
export async function installPonder(limit: 'default' | 'lifted'): Promise<string> {
  const installed = await installPeer('ponder')
  for (const [from, to] of ponderFiles) await rename(join(installed, from), join(installed, to))
  if (limit === 'default') return installed
  const dir = `${installed}-lifted`
  if (!existsSync(join(dir, '.complete'))) {
    await rm(dir, { recursive: true, force: true })
    await cp(installed, dir, { recursive: true, verbatimSymlinks: true })
    const client = join(dir, 'node_modules/ponder/dist/esm/rpc/index.js')
    const code = await readFile(client, 'utf8')
    const lifted = code
      .replace('const INITIAL_MAX_RPS = 20;', 'const INITIAL_MAX_RPS = 1e6;')
      .replace('const MAX_RPS = 500;', 'const MAX_RPS = 1e6;')
    if (lifted.split('1e6').length !== 3)
      throw new Error('Ponder limits its requests elsewhere now')
    await writeFile(client, lifted)
  }
  for (const [, file] of ponderFiles) await cp(join(installed, file), join(dir, file))
  return dir
}
