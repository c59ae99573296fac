import { zeroHash } from 'viem'
import type { Hex } from '../../schema/events/event.ts'

/** What a subjective dispute costs and how long it takes; amounts in base units, times in seconds. */
export interface DisputeSettings {
  readonly challengerBond: bigint
  /** Taken from a poster's stake for a proven fault; at most `minBond`, which is the default. */
  readonly slashAmount: bigint
  /** Part of the slash for whoever proved the fault, at most 5,000. */
  readonly winnerBps: number
  readonly commitPeriod: bigint
  readonly revealPeriod: bigint
  readonly governancePeriod: bigint
  /** Votes of attesters that decide. */
  readonly quorum: number
  readonly attesters: readonly Hex[]
}

/**
 * Everything that a deployment can choose. Each field is part of every contract's address: the same
 * settings give the same addresses on every chain.
 */
export interface DeploySettings {
  /** Grants and revokes roles; in production a timelock. */
  readonly admin: Hex
  /** Records batches and charges payers. */
  readonly operator: Hex
  readonly epochPoster: Hex
  readonly guardian: Hex
  /** Allows operators and registers codecs; the admin by default. */
  readonly registrar?: Hex
  /** Upgrades the registries; the admin by default. */
  readonly upgrader?: Hex
  /** Seconds between scheduling and doing an upgrade; 0 by default. */
  readonly upgradeDelay?: number
  /** Score contributions; the admin by default. */
  readonly validators?: readonly Hex[]
  /** Receives the platform's share; the admin by default. */
  readonly platform?: Hex
  /** Receives the stakers' share; the admin by default. */
  readonly stakers?: Hex
  /** Receives what is slashed and not rewarded; the admin by default. */
  readonly treasury?: Hex
  /** Receives the whole token supply; the admin by default. */
  readonly tokenHolder?: Hex
  /** Base units; 10^9 tokens by default. */
  readonly tokenSupply?: bigint
  /** Seconds between proposing and activating an epoch. */
  readonly disputeWindow: bigint
  /** Seconds that a payer's withdrawal waits; longer than the operator takes to post a batch. */
  readonly thawPeriod: bigint
  /** Seconds that stake thaws; by default a day more than a dispute can last. */
  readonly stakeThawPeriod?: bigint
  /** Stake without which nobody proposes an epoch, in base units; 100 tokens by default. */
  readonly minBond?: bigint
  /** The guardian is the only attester by default. */
  readonly disputes?: Partial<DisputeSettings>
  /** For a second deployment with the same settings; 0 by default. */
  readonly salt?: Hex
}

export type ResolvedSettings = Required<Omit<DeploySettings, 'disputes'>> & {
  readonly disputes: DisputeSettings
}

const oneToken = 10n ** 18n
const day = 86_400n

/** Fills in what the settings leave out. */
export function resolveSettings(settings: DeploySettings): ResolvedSettings {
  const { admin, guardian, disputeWindow, minBond = 100n * oneToken } = settings
  const disputes: DisputeSettings = {
    challengerBond: 10n * oneToken,
    slashAmount: minBond,
    winnerBps: 5000,
    commitPeriod: day,
    revealPeriod: day,
    governancePeriod: 7n * day,
    quorum: 1,
    attesters: [guardian],
    ...settings.disputes,
  }
  const { commitPeriod, revealPeriod, governancePeriod } = disputes
  return {
    registrar: admin,
    upgrader: admin,
    upgradeDelay: 0,
    validators: [admin],
    platform: admin,
    stakers: admin,
    treasury: admin,
    tokenHolder: admin,
    tokenSupply: 10n ** 9n * oneToken,
    stakeThawPeriod: disputeWindow + commitPeriod + revealPeriod + governancePeriod + day,
    minBond,
    salt: zeroHash,
    ...settings,
    disputes,
  }
}
