import type { Hex } from '../../schema/events/event.ts'

/** Contracts whose logs are facts, with lowercase addresses. */
export interface ContractAddresses {
  readonly datanets: Hex
  readonly models: Hex
  readonly escrow: Hex
  readonly ledger: Hex
  readonly rewards: Hex
}
