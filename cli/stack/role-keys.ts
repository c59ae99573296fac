import type { KeyPair } from '../chain/derive-key.ts'
import { deriveKey } from '../chain/derive-key.ts'

/** The accounts that run a deployment; on a development chain they are derived from the seed. */
export interface RoleKeys {
  readonly deployer: KeyPair
  readonly admin: KeyPair
  readonly operator: KeyPair
  readonly epochPoster: KeyPair
  readonly guardian: KeyPair
  readonly platform: KeyPair
  readonly stakers: KeyPair
}

export function roleKeys(seed: number): RoleKeys {
  return {
    deployer: deriveKey(seed, 'deployer'),
    admin: deriveKey(seed, 'admin'),
    operator: deriveKey(seed, 'operator'),
    epochPoster: deriveKey(seed, 'epoch poster'),
    guardian: deriveKey(seed, 'guardian'),
    platform: deriveKey(seed, 'platform'),
    stakers: deriveKey(seed, 'stakers'),
  }
}
