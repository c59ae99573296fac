import type { Hex } from '../schema/events/event.ts'
import type { ResolvedSettings } from './deploy/resolve-settings.ts'
import type { RoleName } from './role-ids.ts'

export interface RoleAssignment {
  readonly role: RoleName
  readonly account: Hex
  /** Seconds between scheduling and doing what the role allows. */
  readonly delay: number
}

/**
 * Lists who holds which role once the deployment is done; nobody else holds any.
 *
 * @param contracts The contracts that hold roles themselves.
 */
export function assignRoles(
  settings: ResolvedSettings,
  contracts: { readonly disputes: Hex },
): readonly RoleAssignment[] {
  const { admin, registrar, epochPoster, guardian, upgrader, upgradeDelay, validators } = settings
  return [
    { role: 'registrar', account: registrar, delay: 0 },
    { role: 'epochPoster', account: epochPoster, delay: 0 },
    { role: 'guardian', account: guardian, delay: 0 },
    { role: 'upgrader', account: upgrader, delay: upgradeDelay },
    { role: 'disputes', account: contracts.disputes, delay: 0 },
    { role: 'slasher', account: contracts.disputes, delay: 0 },
    ...validators.map((account) => ({ role: 'validator', account, delay: 0 }) as const),
    { role: 'admin', account: admin, delay: 0 },
  ]
}
