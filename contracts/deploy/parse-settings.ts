import { z } from 'zod'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { DeploySettings } from './deploy-settings.ts'

const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'must be an address')
  .transform((text) => text.toLowerCase() as Hex)
const wholeNumber = z
  .union([z.int().nonnegative(), z.string().regex(/^\d{1,30}$/)], 'must be a whole number')
  .transform((value) => BigInt(value))
const seconds = wholeNumber
const amount = wholeNumber
const bps = z.int().min(0).max(10_000)
/** 32 bits on the chain. */
const shortSeconds = z.int().min(0).max(0xffff_ffff)
const party = z.union([z.literal('timelock'), address], "must be an address or 'timelock'")

const disputes = z.strictObject({
  challengerBond: amount.optional(),
  slashAmount: amount.optional(),
  winnerBps: z.int().min(0).max(5000).optional(),
  commitPeriod: seconds.optional(),
  revealPeriod: seconds.optional(),
  governancePeriod: seconds.optional(),
  quorum: z.int().min(1).max(255).optional(),
  attesters: z.array(address).min(1).max(255).optional(),
})

const governance = z.strictObject({
  maturity: seconds.optional(),
  activityPeriod: seconds.optional(),
  protocolShareBps: bps.optional(),
  capBps: bps.optional(),
  minCap: amount.optional(),
  votingDelay: shortSeconds.optional(),
  votingPeriod: shortSeconds.optional(),
  proposalThreshold: amount.optional(),
  quorumPercent: wholeNumber.optional(),
  quorumFloor: amount.optional(),
  voteExtension: shortSeconds.optional(),
  timelockDelay: seconds.optional(),
})

const modelProposals = z.strictObject({
  votingPeriod: seconds.optional(),
  biddingPeriod: seconds.optional(),
  selectionPeriod: seconds.optional(),
  reviewPeriod: seconds.optional(),
  governancePeriod: seconds.optional(),
  quorumBps: bps.optional(),
  minBounty: amount.optional(),
  minStake: amount.optional(),
})

const settings = z.strictObject({
  admin: party,
  operator: address,
  epochPoster: address,
  guardian: address,
  registrar: party.optional(),
  upgrader: party.optional(),
  upgradeDelay: shortSeconds.optional(),
  validators: z.array(party).optional(),
  platform: party.optional(),
  stakers: party.optional(),
  treasury: party.optional(),
  tokenHolder: party.optional(),
  tokenSupply: amount.optional(),
  disputeWindow: seconds,
  thawPeriod: seconds,
  stakeThawPeriod: seconds.optional(),
  minBond: amount.optional(),
  disputes: disputes.optional(),
  governance: governance.optional(),
  modelProposals: modelProposals.optional(),
  salt: z
    .string()
    .regex(/^0x[0-9a-fA-F]{64}$/, 'must be 32 bytes')
    .transform((text) => text.toLowerCase() as Hex)
    .optional(),
})

/**
 * Checks the settings of a deployment that came from a file. Amounts are base units and times seconds,
 * as numbers or decimal strings.
 *
 * @throws `DEPLOY_SETTINGS_INVALID` with the path of the first wrong field.
 */
export function parseSettings(value: unknown): DeploySettings {
  const result = settings.safeParse(value)
  if (result.success) return result.data as DeploySettings
  const [issue] = result.error.issues
  const field = issue?.code === 'unrecognized_keys' ? issue.keys.join(', ') : issue?.path.join('.')
  throw new BaseError('DEPLOY_SETTINGS_INVALID', {
    facts: { field, problem: issue?.message },
    cause: result.error,
  })
}
