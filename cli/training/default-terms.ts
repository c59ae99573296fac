import type { Terms } from '../../schema/events/model.ts'

/** Terms if none are named: 10 % platform, 20 % owner, 20 % stakers, 50 % contributors. */
export const defaultTerms: Terms = {
  pricePer1kIn: (10n ** 16n).toString(),
  pricePer1kOut: (4n * 10n ** 16n).toString(),
  platformBps: 1000,
  ownerBps: 2000,
  stakersBps: 2000,
  contributorsBps: 5000,
  retrievalBps: 1000,
}
