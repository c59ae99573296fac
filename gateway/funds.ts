import { BaseError } from '../schema/errors.ts'
import type { Hex } from '../schema/events/event.ts'
import type { LaneBook } from './lane-book.ts'
import type { EscrowAccount, LedgerChain } from './ledger-chain.ts'
import type { Settlement } from './settlement.ts'

/** Watches that what was promised to the operator stays covered by the payers' escrow accounts. */
export interface Funds {
  /**
   * Sets the most that a call may cost aside until `release`.
   *
   * @throws `ESCROW_UNDERFUNDED`, `NODE_UNAVAILABLE`.
   */
  reserve(payer: Hex, maxFee: bigint): Promise<{ release(): void }>
  /** Books what the ledger charged; only together with the lane's settled position. */
  charge(payer: Hex, amount: bigint): void
}

interface KnownAccount extends EscrowAccount {
  readonly readAt: number
}

/** Opens the watch. Accounts are read again after `maxAgeMs`, and before a call is refused. */
export function createFunds(options: {
  readonly chain: Pick<LedgerChain, 'accountOf'>
  readonly lanes: Pick<LaneBook, 'of'>
  readonly settlement: Pick<Settlement, 'touches' | 'generation' | 'done'>
  readonly now: () => number
  readonly maxAgeMs?: number
}): Funds {
  const { chain, lanes, settlement, now, maxAgeMs = 5_000 } = options
  const accounts = new Map<Hex, KnownAccount>()
  const reserved = new Map<Hex, bigint>()

  async function read(payer: Hex): Promise<void> {
    for (;;) {
      if (settlement.touches(payer)) await settlement.done()
      const { generation } = settlement
      const account = await chain.accountOf(payer)
      if (settlement.generation !== generation) continue
      accounts.set(payer, { ...account, readAt: now() })
      return
    }
  }

  const free = (payer: Hex): bigint => {
    const account = accounts.get(payer)
    if (account === undefined) return -1n
    const pending = lanes
      .of(payer)
      .flatMap((lane) => lane.pending)
      .reduce((sum, { call }) => sum + call.fee, 0n)
    return account.chargeable - account.charged - pending - (reserved.get(payer) ?? 0n)
  }

  return {
    charge(payer, amount) {
      const account = accounts.get(payer)
      if (account !== undefined)
        accounts.set(payer, { ...account, charged: account.charged + amount })
    },
    async reserve(payer, maxFee) {
      const { readAt } = accounts.get(payer) ?? { readAt: Number.NEGATIVE_INFINITY }
      const isOld = now() - readAt > maxAgeMs && !settlement.touches(payer)
      if (isOld || free(payer) < maxFee) await read(payer)
      const available = free(payer)
      if (available < maxFee && accounts.get(payer)?.chargeable === 0n) accounts.delete(payer)
      if (available < maxFee)
        throw new BaseError('ESCROW_UNDERFUNDED', { facts: { payer, available, needed: maxFee } })
      reserved.set(payer, (reserved.get(payer) ?? 0n) + maxFee)
      let held = maxFee
      return {
        release() {
          const rest = (reserved.get(payer) ?? 0n) - held
          held = 0n
          if (rest === 0n) reserved.delete(payer)
          else reserved.set(payer, rest)
        },
      }
    },
  }
}
