import { deriveKey, type KeyPair } from '../chain/derive-key.ts'
import type { DemoDatanet } from './rows/row-types.ts'

/** The people of the demo. */
export interface DemoAccounts {
  readonly datanetOwner: KeyPair
  readonly modelOwner: KeyPair
  readonly payers: readonly KeyPair[]
  /** Checks proposed epochs and proves the wrong ones. */
  readonly watcher: KeyPair
  /** Whom a wrong epoch pays. */
  readonly thief: KeyPair
  /** By the contributor's name. */
  readonly contributors: ReadonlyMap<string, KeyPair>
}

export function demoAccounts(seed: number, datanets: readonly DemoDatanet[]): DemoAccounts {
  const names = datanets.flatMap(({ contributors }) => contributors.map(({ name }) => name))
  return {
    datanetOwner: deriveKey(seed, 'datanet owner'),
    modelOwner: deriveKey(seed, 'model owner'),
    payers: Array.from({ length: 6 }, (_, i) => deriveKey(seed, `payer ${i}`)),
    watcher: deriveKey(seed, 'watcher'),
    thief: deriveKey(seed, 'thief'),
    contributors: new Map(names.map((name) => [name, deriveKey(seed, `contributor ${name}`)])),
  }
}
