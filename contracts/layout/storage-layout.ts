import type { assertStorageUpgradeSafe } from '@openzeppelin/upgrades-core'

/** Storage of a contract in the form that upgrades-core compares. */
export type StorageLayout = Parameters<typeof assertStorageUpgradeSafe>[0]
