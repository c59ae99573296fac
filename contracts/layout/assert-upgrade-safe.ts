import { assertStorageUpgradeSafe, withValidationDefaults } from '@openzeppelin/upgrades-core'
import type { StorageLayout } from './storage-layout.ts'

/**
 * Makes sure that code with the layout `after` can run on storage that was written with `before`: fields
 * may be appended to a namespace, never moved, removed, renamed or given another type.
 *
 * @throws `StorageUpgradeErrors` of upgrades-core, which names the fields.
 */
export function assertUpgradeSafe(before: StorageLayout, after: StorageLayout): void {
  assertStorageUpgradeSafe(before, after, withValidationDefaults({}))
}
