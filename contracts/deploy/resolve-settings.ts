import { zeroHash } from 'viem'
import type { Hex } from '../../schema/events/event.ts'
import type {
  DeploySettings,
  DisputeSettings,
  GovernanceSettings,
  ModelProposalSettings,
  Party,
} from './deploy-settings.ts'

type Parties = 'admin' | 'registrar' | 'upgrader' | Payees
type Payees = 'platform' | 'stakers' | 'treasury' | 'tokenHolder'
type Groups = 'disputes' | 'governance' | 'modelProposals'

/** Settings with nothing left out and an address for every party. */
export type ResolvedSettings = Readonly<Record<Parties, Hex>> &
  Required<Omit<DeploySettings, Parties | Groups | 'validators'>> & {
    readonly validators: readonly Hex[]
    readonly disputes: DisputeSettings
    readonly governance: GovernanceSettings
    readonly modelProposals: ModelProposalSettings
  }

const oneToken = 10n ** 18n
const day = 86_400

/**
 * Fills in what the settings leave out.
 *
 * @param timelock Its address, or what stands in for it in a plan.
 */
export function resolveSettings(settings: DeploySettings, timelock: Hex): ResolvedSettings {
  const { disputeWindow, minBond = 100n * oneToken } = settings
  const isGoverned = settings.admin === 'timelock'
  const of = (party: Party = settings.admin): Hex => (party === 'timelock' ? timelock : party)
  const disputes = disputeSettings(settings, minBond)
  const { commitPeriod, revealPeriod, governancePeriod } = disputes
  const longest = disputeWindow + commitPeriod + revealPeriod + governancePeriod
  return {
    upgradeDelay: isGoverned ? 3 * day : 0,
    tokenSupply: 10n ** 9n * oneToken,
    stakeThawPeriod: longest + BigInt(day),
    salt: zeroHash,
    ...settings,
    admin: of(),
    registrar: of(settings.registrar),
    upgrader: of(settings.upgrader),
    validators: (settings.validators ?? [settings.admin]).map(of),
    platform: of(settings.platform),
    stakers: of(settings.stakers),
    treasury: of(settings.treasury),
    tokenHolder: of(settings.tokenHolder),
    minBond,
    disputes,
    governance: governanceSettings(settings),
    modelProposals: modelProposalSettings(settings),
  }
}

function disputeSettings({ guardian, disputes }: DeploySettings, minBond: bigint): DisputeSettings {
  return {
    challengerBond: 10n * oneToken,
    slashAmount: minBond,
    winnerBps: 5000,
    commitPeriod: BigInt(day),
    revealPeriod: BigInt(day),
    governancePeriod: BigInt(14 * day),
    quorum: 1,
    attesters: [guardian],
    ...disputes,
  }
}

function governanceSettings({ disputeWindow, governance }: DeploySettings): GovernanceSettings {
  return {
    maturity: disputeWindow + BigInt(day),
    activityPeriod: BigInt(180 * day),
    protocolShareBps: 100,
    capBps: 1000,
    minCap: 1000n * oneToken,
    votingDelay: day,
    votingPeriod: 5 * day,
    proposalThreshold: 5n * oneToken,
    quorumPercent: 10n,
    quorumFloor: 10n * oneToken,
    voteExtension: day,
    timelockDelay: BigInt(7 * day),
    ...governance,
  }
}

function modelProposalSettings({ modelProposals }: DeploySettings): ModelProposalSettings {
  return {
    votingPeriod: BigInt(5 * day),
    biddingPeriod: BigInt(5 * day),
    selectionPeriod: BigInt(5 * day),
    reviewPeriod: BigInt(5 * day),
    governancePeriod: BigInt(21 * day),
    quorumBps: 1000,
    minBounty: oneToken,
    minStake: oneToken,
    ...modelProposals,
  }
}
