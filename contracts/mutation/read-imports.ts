import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'

/** Path → what it imports by a relative path; all relative to the project's root. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>

/** Reads who imports whom in `src/` and `test/` of a Foundry project. */
export function readImports(root: string): ImportGraph {
  const graph = new Map<string, readonly string[]>()
  for (const folder of ['src', 'test']) {
    for (const path of solidityFiles(join(root, folder))) {
      const text = readFileSync(path, 'utf8')
      const specifiers = [...text.matchAll(/^import[^;]*?["'](\.[^"']+)["'];/gms)]
      graph.set(
        relative(root, path),
        specifiers.map(([, specifier]) =>
          normalize(join(dirname(relative(root, path)), specifier as string)),
        ),
      )
    }
  }
  return graph
}

/** Lists some files and everything that they import, directly or not, sorted. */
export function closureOf(graph: ImportGraph, files: readonly string[]): readonly string[] {
  const seen = new Set<string>()
  const waiting = [...files]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (seen.has(path)) continue
    seen.add(path)
    waiting.push(...(graph.get(path) ?? []))
  }
  return [...seen].sort()
}

function solidityFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return solidityFiles(path)
    return entry.name.endsWith('.sol') ? [path] : []
  })
}
