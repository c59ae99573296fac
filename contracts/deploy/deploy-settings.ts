import type { Hex } from '../../schema/events/event.ts'

/** An account, or the timelock that runs what contributors decided, which has no address before. */
export type Party = Hex | 'timelock'

/** What a dispute costs and how long it takes; amounts in base units, times in seconds. */
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

/** How earnings become votes and votes decide; times in seconds, votes in base units. */
export interface GovernanceSettings {
  /** From the registration of an active epoch until its earnings count; at least the window. */
  readonly maturity: bigint
  /** After which votes of an inactive account can be expired. */
  readonly activityPeriod: bigint
  /** Votes per base unit earned, in 1/10,000. */
  readonly protocolShareBps: number
  /** Votes credited per epoch, in 1/10,000 of the votes that count. */
  readonly capBps: number
  /** The least such cap. */
  readonly minCap: bigint
  readonly votingDelay: number
  readonly votingPeriod: number
  readonly proposalThreshold: bigint
  /** In percent of the votes that count. */
  readonly quorumPercent: bigint
  readonly quorumFloor: bigint
  /** Left at least when the quorum is reached. */
  readonly voteExtension: number
  /** Between a decision and its execution. */
  readonly timelockDelay: bigint
}

/** How bounties for models run; times in seconds, amounts in base units. */
export interface ModelProposalSettings {
  readonly votingPeriod: bigint
  readonly biddingPeriod: bigint
  readonly selectionPeriod: bigint
  readonly reviewPeriod: bigint
  readonly governancePeriod: bigint
  /** Votes that must be cast, in 1/10,000 of all. */
  readonly quorumBps: number
  readonly minBounty: bigint
  /** Active stake of a bidder. */
  readonly minStake: bigint
}

/**
 * Everything that a deployment can choose. Each field is part of every contract's address: the same
 * settings give the same addresses on every chain.
 */
export interface DeploySettings {
  /** Grants and revokes roles; `timelock` in production. */
  readonly admin: Party
  /** Records batches and charges payers. */
  readonly operator: Hex
  readonly epochPoster: Hex
  readonly guardian: Hex
  /** Allows operators and registers codecs; the admin by default. */
  readonly registrar?: Party
  /** Upgrades the registries; the admin by default. */
  readonly upgrader?: Party
  /** Seconds between scheduling and doing an upgrade; 3 days where the timelock is the admin, else 0. */
  readonly upgradeDelay?: number
  /** Score contributions; the admin by default. */
  readonly validators?: readonly Party[]
  /** Receives the platform's share; the admin by default. */
  readonly platform?: Party
  /** Receives the stakers' share; the admin by default. */
  readonly stakers?: Party
  /** Receives what is slashed and not rewarded; the admin by default. */
  readonly treasury?: Party
  /** Receives the whole token supply; the admin by default. */
  readonly tokenHolder?: Party
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
  readonly governance?: Partial<GovernanceSettings>
  readonly modelProposals?: Partial<ModelProposalSettings>
  /** For a second deployment with the same settings; 0 by default. */
  readonly salt?: Hex
}
