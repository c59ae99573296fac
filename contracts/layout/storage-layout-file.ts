import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StorageLayout } from './storage-layout.ts'

/** Where the committed layouts are. */
export const layoutFolder = join(import.meta.dirname, '..', 'storage-layouts')

/** Renders a layout as it is committed. */
export function renderStorageLayout(layout: StorageLayout): string {
  return `${JSON.stringify(layout, null, 2)}\n`
}

/** @returns undefined when none is committed. */
export function readCommittedLayout(contract: string): string | undefined {
  try {
    return readFileSync(join(layoutFolder, `${contract}.json`), 'utf8')
  } catch {
    return undefined
  }
}
