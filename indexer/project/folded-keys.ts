/** Keys whose folded rows a batch may change. */
export interface FoldedKeys {
  readonly contributions: Set<string>
  /** `payer operator`. */
  readonly escrowAccounts: Set<string>
  readonly rewardAccounts: Set<string>
}

export const noKeys = (): FoldedKeys => ({
  contributions: new Set(),
  escrowAccounts: new Set(),
  rewardAccounts: new Set(),
})

export const escrowKey = (payer: string, operator: string): string => `${payer} ${operator}`
