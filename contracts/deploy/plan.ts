import type { Hex } from '../../schema/events/event.ts'

/** A place in a step's data that takes the address of a contract of the same plan. */
export interface PlanReference {
  /** First of the 20 bytes. */
  readonly offset: number
  /** The contract in order of creation from 1; 0 is Genesis. */
  readonly number: number
}

/** One contract creation (`target` 0) or one call of the contract with that number. */
export interface PlanStep {
  /** For people; not part of the plan's hash. */
  readonly label: string
  readonly target: number
  /** Init code or call data with zeros where the addresses go. */
  readonly data: Hex
  readonly references: readonly PlanReference[]
  readonly creation?: PlanCreation
}

/** What a verifier of the created contract needs; not part of the plan's hash. */
export interface PlanCreation {
  /** Under which the deployment lists the contract. */
  readonly name: string
  /** Its name in Solidity. */
  readonly contract: string
  /** Source unit. */
  readonly unit: string
  /** Bytes of the init code before the constructor's arguments. */
  readonly codeBytes: number
}

/** Everything that Genesis does, in order. */
export interface Plan {
  readonly steps: readonly PlanStep[]
  /** Name → number in order of creation. */
  readonly numbers: ReadonlyMap<string, number>
}
