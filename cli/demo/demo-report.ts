import { cpus, totalmem } from 'node:os'
import type { Hex } from '../../schema/events/event.ts'
import type { MoneyFigures } from './account-money.ts'
import type { CheckResult } from './check-list.ts'
import type { ContributorFigures } from './contributor-figures.ts'
import type { DisputedEpoch } from './dispute-wrong-epoch.ts'
import type { AttributionFigures } from './evaluate-calls.ts'
import type { ProvenanceChain } from './provenance-chain.ts'

/** Everything a run of the demo found out; what `--json` writes. */
export interface DemoReport {
  readonly ok: boolean
  readonly seed: number
  readonly short: boolean
  readonly machine: {
    readonly cpu: string
    readonly cores: number
    readonly memoryGb: number
    readonly node: string
  }
  readonly checks: Readonly<Record<string, CheckResult>>
  /** Seconds per stage. */
  readonly stages: Readonly<Record<string, number>>
  readonly attribution: AttributionFigures
  readonly contributors: readonly ContributorFigures[]
  readonly epochs: readonly {
    readonly epoch: string
    readonly root: Hex
    readonly calls: number
    readonly leaves: number
    readonly totalEarned: string
    readonly manifestHash: Hex
  }[]
  readonly money: MoneyFigures
  /** The wrong root that was proposed first, and how it was caught. */
  readonly disputed: DisputedEpoch
  readonly speed: {
    readonly gradientRowsPerSecond: number
    readonly callsPerSecond: number
    readonly tokensPerSecond: number
    readonly trainingTokensPerSecond: number
  }
  readonly memory: { readonly peakMb: number | null }
  /** Every question with the known and the given answer, in the order asked. */
  readonly calls: readonly {
    readonly callId: string
    readonly model: string
    readonly group: 'paraphrase' | 'heldOut'
    readonly question: string
    readonly expectedAnswer: string
    readonly givenAnswer: string
    readonly trueAccount: string
    readonly trueRows: readonly string[]
  }[]
  readonly provenance: ProvenanceChain
  readonly graphqlUrl: string
}

/** Describes the machine that the figures belong to. */
export const describeMachine = (): DemoReport['machine'] => ({
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 2 ** 30),
  node: process.version,
})
