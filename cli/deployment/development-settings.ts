import type { DeploySettings } from '../../contracts/deploy/deploy-settings.ts'
import type { RoleKeys } from '../stack/role-keys.ts'

/** Seconds that an epoch of a development chain waits before it can be activated. */
export const disputeWindow = 2n * 24n * 3600n

/** Settings of a development chain: the accounts come from a seed that anybody may know. */
export function developmentSettings(keys: RoleKeys): DeploySettings {
  return {
    admin: keys.admin.address,
    operator: keys.operator.address,
    epochPoster: keys.epochPoster.address,
    guardian: keys.guardian.address,
    platform: keys.platform.address,
    stakers: keys.stakers.address,
    disputeWindow,
    thawPeriod: 24n * 3600n,
  }
}
