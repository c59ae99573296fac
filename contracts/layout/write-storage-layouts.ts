import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { assertUpgradeSafe } from './assert-upgrade-safe.ts'
import { readStorageLayouts } from './read-storage-layouts.ts'
import type { StorageLayout } from './storage-layout.ts'
import { layoutFolder, readCommittedLayout, renderStorageLayout } from './storage-layout-file.ts'

const layouts = readStorageLayouts()
for (const [contract, layout] of layouts) {
  const committed = readCommittedLayout(contract)
  const isUpgradeable = Object.keys(layout.namespaces ?? {}).length > 0
  if (committed !== undefined && isUpgradeable)
    assertUpgradeSafe(JSON.parse(committed) as StorageLayout, layout)
}

mkdirSync(layoutFolder, { recursive: true })
for (const file of readdirSync(layoutFolder))
  if (!layouts.has(file.replace(/\.json$/, ''))) rmSync(join(layoutFolder, file))
for (const [contract, layout] of layouts)
  writeFileSync(join(layoutFolder, `${contract}.json`), renderStorageLayout(layout))
process.stdout.write(`contracts/storage-layouts: ${layouts.size} files\n`)
