import { readdirSync } from 'node:fs'
import { join, relative } from 'node:path'

/** What neither holds money nor decides who gets it; everything else in `src/` is mutated. */
const others = new Set([
  'DatanetRegistry.sol',
  'Genesis.sol',
  'ModelRegistry.sol',
  'ProvenantAccess.sol',
  'ProvenantGovernor.sol',
  'RegistryProxy.sol',
  'UpgradeableRegistry.sol',
])

/** Lists the sources of the money core, relative to `src`, sorted. */
export function moneyCore(src: string): readonly string[] {
  const files = readdirSync(src, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.sol'))
    .map((entry) => relative(src, join(entry.parentPath, entry.name)))
  return files.filter((file) => !file.startsWith('interfaces') && !others.has(file)).sort()
}
