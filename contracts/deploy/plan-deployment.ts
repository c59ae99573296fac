import { zeroHash } from 'viem'
import type { Deployment } from '../../schema/deployment.ts'
import { BaseError } from '../../schema/errors.ts'
import { buildPlan } from './build-plan.ts'
import type { DeploySettings } from './deploy-settings.ts'
import { faultsAddress } from './faults-address.ts'
import { type LocatedPlan, locatePlan } from './locate-plan.ts'
import { requireSoundSettings } from './require-sound-settings.ts'
import { type ResolvedSettings, resolveSettings } from './resolve-settings.ts'

/** What a deployment would do, known without a chain. */
export interface PlannedDeployment {
  readonly settings: ResolvedSettings
  readonly located: LocatedPlan
  readonly addresses: Deployment['addresses']
}

/**
 * Plans a deployment; the same settings give the same addresses on every chain.
 *
 * @throws `ROLES_NOT_SEPARATE`, `DEPLOY_SETTINGS_INVALID`.
 */
export function planDeployment(given: DeploySettings): PlannedDeployment {
  const located = locatePlan(buildPlan(given), given.salt ?? zeroHash)
  const { addressOf } = located
  const settings = resolveSettings(given, addressOf('timelock'))
  requireSeparateRoles(settings)
  requireSoundSettings(settings)
  return {
    settings,
    located,
    addresses: {
      token: addressOf('token'),
      datanets: addressOf('datanets'),
      models: addressOf('models'),
      escrow: addressOf('escrow'),
      ledger: addressOf('ledger'),
      rewards: addressOf('rewards'),
      access: addressOf('access'),
      staking: addressOf('staking'),
      disputes: addressOf('disputes'),
      votes: addressOf('votes'),
      governor: addressOf('governor'),
      timelock: addressOf('timelock'),
      proposals: addressOf('proposals'),
      faults: faultsAddress(addressOf('disputes')),
    },
  }
}

function requireSeparateRoles({ operator, epochPoster, guardian }: ResolvedSettings): void {
  const accounts = [operator, epochPoster, guardian].map((account) => account.toLowerCase())
  if (new Set(accounts).size < accounts.length)
    throw new BaseError('ROLES_NOT_SEPARATE', { facts: { operator, epochPoster, guardian } })
}
