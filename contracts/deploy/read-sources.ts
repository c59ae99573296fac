import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join, posix } from 'node:path'
import { BaseError } from '../../schema/errors.ts'

const require = createRequire(import.meta.url)
const imports = /^\s*import\s[^;"']*["']([^"']+)["']/gm

/**
 * Reads a Solidity source and everything that it imports.
 *
 * @param unit Source unit name as the compiler knows it, e.g. `src/Genesis.sol`.
 * @returns Source unit name → text, sorted by name.
 * @throws `SOURCE_MISSING` for the first file that cannot be read.
 */
export async function readSources(unit: string): Promise<ReadonlyMap<string, string>> {
  const sources = new Map<string, string>()
  const pending = [unit]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (sources.has(next)) continue
    const text = await readUnit(next)
    sources.set(next, text)
    for (const [, path = ''] of text.matchAll(imports))
      pending.push(path.startsWith('.') ? posix.join(posix.dirname(next), path) : remap(path))
  }
  return new Map([...sources].sort(([a], [b]) => (a < b ? -1 : 1)))
}

async function readUnit(unit: string): Promise<string> {
  try {
    return await readFile(pathOf(unit), 'utf8')
  } catch (cause) {
    throw new BaseError('SOURCE_MISSING', { facts: { source: unit }, cause })
  }
}

// The packages lie where npm put them; `contracts/node_modules` is a link that only a build makes.
function pathOf(unit: string): string {
  if (unit.startsWith('node_modules/')) return require.resolve(unit.slice('node_modules/'.length))
  return join(import.meta.dirname, '..', unit)
}

function remap(path: string): string {
  return path.startsWith('@openzeppelin/') ? `node_modules/${path}` : path
}
