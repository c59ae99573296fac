import { BaseError } from '../../schema/errors.ts'
import type { ResolvedSettings } from './resolve-settings.ts'

/**
 * Refuses early what a constructor would refuse after half of the deployment.
 *
 * @throws `DEPLOY_SETTINGS_INVALID` with the field.
 */
export function requireSoundSettings(settings: ResolvedSettings): void {
  const { disputes, disputeWindow, governance, minBond, stakeThawPeriod } = settings
  const { commitPeriod, revealPeriod, governancePeriod, attesters, quorum } = disputes
  const longest = disputeWindow + commitPeriod + revealPeriod + governancePeriod
  const problems = {
    minBond: minBond <= 0n && 'must be above 0',
    stakeThawPeriod:
      stakeThawPeriod <= longest && `must exceed the ${longest} s that a dispute can last`,
    'disputes.slashAmount':
      (disputes.slashAmount <= 0n || disputes.slashAmount > minBond) &&
      'must be above 0 and at most minBond',
    'disputes.attesters':
      new Set(attesters.map((attester) => attester.toLowerCase())).size < attesters.length &&
      'must not name an account twice',
    'disputes.quorum':
      (quorum * 2 <= attesters.length || quorum > attesters.length) &&
      'must be more than half of the attesters',
    'governance.maturity':
      governance.maturity < disputeWindow &&
      `must be at least the ${disputeWindow} s of the window`,
  }
  for (const [field, problem] of Object.entries(problems))
    if (problem !== false)
      throw new BaseError('DEPLOY_SETTINGS_INVALID', { facts: { field, problem } })
}
