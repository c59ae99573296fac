/** Reasons of the ledger, by their numbers in `SkipReason`, that pass without a new voucher. */
export const skipReasons = { underfunded: 5, keyExpired: 7, keyOverCap: 8 } as const

/** The payer can deposit, renew the key or raise its cap; the calls then are charged as signed. */
export const curableReasons: ReadonlySet<number> = new Set(Object.values(skipReasons))
