import type { Hex } from '../../schema/events/event.ts'

/** A fault of an epoch with its proof. */
export interface ProvableFault {
  /** Number of the fault as `FaultProven` names it. */
  readonly kind: number
  readonly name: FaultName
  /** What is wrong, for a person. */
  readonly about: string
  /** Encoded call of a function of `EpochFaults`; `EpochDisputes.prove` takes it. */
  readonly call: Hex
}

/** Kinds by the name of the function that proves them. */
export const faultKinds = {
  decreasedCumulative: 1,
  misorderedAccounts: 2,
  sumMismatch: 3,
  creditSumMismatch: 3,
  omittedAccount: 4,
  omittedCreditor: 4,
  wrongDelta: 5,
  wrongSplit: 6,
  creditWithoutCall: 6,
  falseCall: 7,
  omittedCall: 8,
  wrongBlockHash: 9,
  misorderedCredits: 10,
  misorderedCalls: 10,
} as const

/** `missingLeaf` is kind 2 in the reward tree and 10 in the others. */
export type FaultName = keyof typeof faultKinds | 'missingLeaf'
