import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')

/** Which top folders a folder may import; `contracts/abi` is the only part of contracts in sight. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  schema: [],
  migrations: [],
  contracts: ['schema'],
  eventlog: ['schema'],
  artifacts: ['schema'],
  indexer: ['schema', 'eventlog', 'contracts/abi', 'migrations'],
  gpu: ['schema/error-codes', 'schema/errors'],
  engine: ['schema', 'eventlog', 'artifacts', 'gpu'],
  'engine/publish': ['schema', 'eventlog', 'artifacts', 'gpu', 'contracts/abi'],
  'engine/disputes': ['schema', 'eventlog', 'artifacts', 'gpu', 'contracts/abi'],
  gateway: ['schema', 'artifacts', 'contracts/abi'],
  api: ['schema'],
}

const anything = ['cli', 'bench', 'test', 'docs', 'tools']

test('folders import only what the architecture allows', () => {
  const offences: string[] = []
  let edges = 0
  for (const file of sourceFiles(root)) {
    const folder = folderOf(file)
    if (folder === undefined) continue
    for (const target of importsOf(file)) {
      edges += 1
      if (isForTests(`${target}`)) offences.push(`${relative(root, file)} imports ${target}`)
      if (target === folder || target.startsWith(`${folder}/`)) continue
      const top = folder.split('/')[0] as string
      if (target.startsWith(`${top}/`)) continue
      const ok = (allowed[folder] ?? []).some(
        (prefix) =>
          target === prefix ||
          target.startsWith(`${prefix}/`) ||
          `${target}`.startsWith(`${prefix}.`),
      )
      if (!ok) offences.push(`${relative(root, file)} imports ${target}`)
    }
  }
  expect(edges).toBeGreaterThan(50)
  expect(offences).toEqual([])
})

test('every folder of the tree is in the table', () => {
  const known = new Set([...Object.keys(allowed), ...anything, 'console'])
  const folders = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .filter((name) => name !== 'node_modules')
  expect(folders.filter((name) => !known.has(name))).toEqual([])
})

function folderOf(file: string): string | undefined {
  const path = relative(root, file)
  const top = path.split('/')[0] as string
  const part = path.split('/').slice(0, 2).join('/')
  if (part in allowed) return part
  return top in allowed && path.includes('/') ? top : undefined
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  const specifiers = [...text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map(
    (m) => m[1] as string,
  )
  return specifiers.map((specifier) => relative(root, join(dirname(file), specifier)))
}

function sourceFiles(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name)
    if (entry.isDirectory())
      return ['node_modules', 'out', 'cache', '.git'].includes(entry.name) ? [] : sourceFiles(path)
    return entry.name.endsWith('.ts') && !isForTests(entry.name) ? [path] : []
  })
}

/** Tests and their fixtures may import `test/support` too; no part imports them. */
function isForTests(name: string): boolean {
  return name.includes('.test.') || name.endsWith('.fixture.ts')
}
