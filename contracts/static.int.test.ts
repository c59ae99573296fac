import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Abi } from 'viem'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import topics from './abi/topics.json' with { type: 'json' }
import { assertUpgradeSafe } from './layout/assert-upgrade-safe.ts'
import { readStorageLayouts } from './layout/read-storage-layouts.ts'
import type { StorageLayout } from './layout/storage-layout.ts'
import {
  layoutFolder,
  readCommittedLayout,
  renderStorageLayout,
} from './layout/storage-layout-file.ts'
import { validateUpgrades } from './layout/validate-upgrades.ts'
import { runForge } from './run-forge.ts'

const folder = import.meta.dirname
// Seconds on an idle machine; the compiler and solhint are single processes that share it in CI.
const patience = 180_000
const registries = ['src/DatanetRegistry.sol', 'src/ModelRegistry.sol']

test('the Solidity sources are formatted', async () => {
  const { exitCode, stdout, stderr } = await runForge(['fmt', '--check'])
  expect(`${stdout}${stderr}`).toBe('')
  expect(exitCode).toBe(0)
})

test('forge lint has nothing to say', async () => {
  vi.stubEnv('FOUNDRY_PROFILE', 'lint')
  const { exitCode, stderr } = await runForge(['lint']).finally(() => vi.unstubAllEnvs())
  expect(stderr).toBe('')
  expect(exitCode).toBe(0)
})

test(
  'solhint has nothing to say, NatSpec of every external item included',
  async () => {
    expect(await solhint('src/**/*.sol')).toBe('')
  },
  patience,
)

test(
  'solhint would speak up',
  async () => {
    expect(await solhint('test/RegistryV2.sol')).toContain('use-natspec')
  },
  patience,
)

describe('storage layouts', () => {
  let layouts: ReadonlyMap<string, StorageLayout>
  beforeAll(() => {
    layouts = readStorageLayouts()
  }, patience)

  test('are those that are committed, for every deployed contract', () => {
    const files = readdirSync(layoutFolder).map((file) => file.replace(/\.json$/, ''))
    expect(files.toSorted()).toEqual([...layouts.keys()].toSorted())
    for (const [contract, layout] of layouts)
      expect(readCommittedLayout(contract), contract).toBe(renderStorageLayout(layout))
  })

  test.each(['DatanetRegistry', 'ModelRegistry'])('of %s are all in namespaces', (contract) => {
    const { storage, namespaces } = layouts.get(contract) as StorageLayout
    expect(storage).toEqual([])
    expect(Object.keys(namespaces ?? {})).toEqual([
      'erc7201:openzeppelin.storage.AccessManaged',
      'erc7201:openzeppelin.storage.Initializable',
      `erc7201:provenant.storage.${contract}`,
      'erc7201:provenant.storage.UpgradeableRegistry',
    ])
  })

  test.each(['DatanetRegistry', 'ModelRegistry'])(
    'of %s may grow at the end and change in no other way',
    (contract) => {
      const before = layouts.get(contract) as StorageLayout
      const name = `erc7201:provenant.storage.${contract}`
      const fields = before.namespaces?.[name] ?? []
      const last = fields.at(-1)
      if (last === undefined) throw new TypeError(`${name} has no fields`)
      const withFields = (changed: typeof fields): StorageLayout => ({
        ...before,
        namespaces: { ...before.namespaces, [name]: changed },
      })
      const moved = (field: typeof last) => ({ ...field, slot: `${Number(field.slot) + 1}` })
      const added = { ...moved(last), label: 'added' }
      assertUpgradeSafe(before, before)
      assertUpgradeSafe(before, withFields([...fields, added]))
      const unsafe = [
        withFields(fields.slice(1)),
        withFields(fields.slice(0, -1)),
        withFields([{ ...last, label: 'first', slot: '0' }, ...fields.map(moved)]),
        withFields(fields.with(0, { ...last, slot: '0', offset: 0 })),
        withFields(fields.with(-1, { ...last, label: 'renamed' })),
        withFields(fields.with(-1, { ...last, type: 't_uint256' })),
      ]
      for (const after of unsafe) expect(() => assertUpgradeSafe(before, after)).toThrow()
    },
  )
})

test(
  'upgrades-core accepts both registries and refuses an unsafe one',
  async () => {
    mkdirSync(join(folder, 'cache'), { recursive: true })
    const findings = await validateUpgrades([...registries, 'test/UnsafeRegistry.sol'])
    expect(findings).toEqual([
      { contract: 'src/DatanetRegistry.sol:DatanetRegistry', problems: [] },
      { contract: 'src/ModelRegistry.sol:ModelRegistry', problems: [] },
      {
        contract: 'test/UnsafeRegistry.sol:UnsafeRegistry',
        problems: expect.arrayContaining(['state-variable-assignment', 'missing-initializer']),
      },
    ])
  },
  patience,
)

test('every deployed contract of ours has a page that names its functions and events', async () => {
  const gaps: string[] = []
  for (const contract of Object.keys(topics)) {
    const source = join(folder, 'src', `${contract}.sol`)
    if (!existsSync(source)) continue
    const declared = declaredNames(source)
    const file = contract.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase()
    const module = (await import(`./abi/${file}.ts`)) as Record<string, unknown>
    const abi = module[`${contract[0]?.toLowerCase()}${contract.slice(1)}Abi`] as Abi
    const page = readPage(file)
    const names = abi.flatMap((item) =>
      item.type === 'function' || item.type === 'event' ? [item.name] : [],
    )
    if (page === undefined) gaps.push(`${contract} has no page docs/contracts/${file}.md`)
    else
      for (const name of new Set(names))
        if (declared.has(name) && !new RegExp(`\`(?:[^\`]*\\W)?${name}\\b`).test(page))
          gaps.push(`docs/contracts/${file}.md does not name ${name}`)
  }
  expect(gaps).toEqual([])
})

async function solhint(files: string): Promise<string> {
  const script = createRequire(import.meta.url).resolve('solhint/solhint.js')
  const flags = ['--disc', '--noPoster', '-w', '0', '-c', '.solhint.json', files]
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...flags], { cwd: folder }, (_, stdout, stderr) =>
      resolve(`${stdout}${stderr}`.trim()),
    )
  })
}

/** Functions, public variables and events that our sources declare; the others are OpenZeppelin's. */
function declaredNames(source: string, seen = new Set<string>()): ReadonlySet<string> {
  const declaration =
    /\b(?:function|event)\s+(\w+)\s*\(|\bpublic\s+(?:(?:constant|immutable|override)\s+)*(\w+)\s*[=;]/g
  if (seen.has(source)) return new Set()
  seen.add(source)
  const text = readFileSync(source, 'utf8')
  const named = [...text.matchAll(declaration)].map(([, name, variable]) => name ?? variable ?? '')
  const imported = [...text.matchAll(/from "(\..*?)"/g)].flatMap(([, path]) => [
    ...declaredNames(join(dirname(source), path ?? ''), seen),
  ])
  return new Set([...named, ...imported])
}

function readPage(name: string): string | undefined {
  try {
    return readFileSync(join(folder, '..', 'docs', 'contracts', `${name}.md`), 'utf8')
  } catch {
    return undefined
  }
}
