import type { Deployment } from '../../schema/deployment.ts'
import { BaseError } from '../../schema/errors.ts'
import { buildPlan } from './build-plan.ts'
import { type DeploySettings, type ResolvedSettings, resolveSettings } from './deploy-settings.ts'
import { type LocatedPlan, locatePlan } from './locate-plan.ts'

/** What a deployment would do, known without a chain. */
export interface PlannedDeployment {
  readonly settings: ResolvedSettings
  readonly located: LocatedPlan
  readonly addresses: Deployment['addresses']
}

/**
 * Plans a deployment; the same settings give the same addresses on every chain.
 *
 * @throws `ROLES_NOT_SEPARATE`
 */
export function planDeployment(given: DeploySettings): PlannedDeployment {
  const settings = resolveSettings(given)
  requireSeparateRoles(settings)
  const located = locatePlan(buildPlan(settings), settings.salt)
  const { addressOf } = located
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
    },
  }
}

function requireSeparateRoles({ operator, epochPoster, guardian }: ResolvedSettings): void {
  const accounts = [operator, epochPoster, guardian].map((account) => account.toLowerCase())
  if (new Set(accounts).size < accounts.length)
    throw new BaseError('ROLES_NOT_SEPARATE', { facts: { operator, epochPoster, guardian } })
}
