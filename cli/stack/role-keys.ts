import { privateKeyToAddress } from 'viem/accounts'
import type { Hex } from '../../schema/events/event.ts'
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

export function roleKeys(seed: number, operatorKey?: Hex): RoleKeys {
  return {
    deployer: deriveKey(seed, 'deployer'),
    admin: deriveKey(seed, 'admin'),
    operator:
      operatorKey === undefined
        ? deriveKey(seed, 'operator')
        : {
            privateKey: operatorKey,
            address: privateKeyToAddress(operatorKey).toLowerCase() as Hex,
          },
    epochPoster: deriveKey(seed, 'epoch poster'),
    guardian: deriveKey(seed, 'guardian'),
    platform: deriveKey(seed, 'platform'),
    stakers: deriveKey(seed, 'stakers'),
  }
}
