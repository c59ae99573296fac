import type { Hex } from '../schema/events/event.ts'
import type { Funds } from './funds.ts'
import type { AcceptedCall } from './lane.ts'
import type { Lane } from './lane-book.ts'
import type { LedgerChain, SessionKey } from './ledger-chain.ts'
import { moveLane } from './move-lane.ts'
import { curableReasons } from './skip-reasons.ts'

/** What the check needs. */
export interface SettleableServices {
  readonly chain: Pick<LedgerChain, 'laneOf' | 'accountOf' | 'signerOf'>
  readonly funds: Pick<Funds, 'charge'>
  /** Seconds since 1970. */
  readonly nowSeconds: () => number
}

/**
 * Lists the pending calls of a lane that the ledger would take now, in order.
 *
 * All of a lane that was never refused, because every call was checked when it came; of a refused
 * one as many as its account, and the key that signed the last of them, now cover.
 *
 * @throws `NODE_UNAVAILABLE`.
 */
export async function settleableCalls(
  services: SettleableServices,
  lane: Lane,
): Promise<readonly AcceptedCall[]> {
  if (lane.pending.length === 0) return []
  const onChain = await services.chain.laneOf(lane.id)
  // A batch whose receipt never came may have been mined after all; the ledger knows.
  if (onChain.calls > lane.settled.calls) moveLane(services.funds, lane, onChain)
  // A node that lags behind, or a reorganisation: the calls are not lost, only early.
  if (onChain.calls < lane.settled.calls) return []
  if (lane.skipReason === undefined) return lane.pending
  return curableReasons.has(lane.skipReason) ? coveredCalls(services, lane) : []
}

async function coveredCalls(
  { chain, nowSeconds }: SettleableServices,
  { id, pending }: Lane,
): Promise<readonly AcceptedCall[]> {
  const { payer } = id
  const signers = [...new Set(pending.map(({ signer }) => signer))].filter((one) => one !== payer)
  const [account, ...keys] = await Promise.all([
    chain.accountOf(payer),
    ...signers.map(async (key) => [key, await chain.signerOf(payer, key)] as const),
  ])
  const limits = new Map<Hex, SessionKey>(keys)
  let fees = 0n
  let covered = 0
  for (const [i, { call, signer }] of pending.entries()) {
    fees += call.fee
    if (fees > account.chargeable - account.charged) break
    const key = limits.get(signer)
    const isKeyGood =
      key === undefined
        ? signer === payer
        : key.validUntil >= BigInt(nowSeconds()) && key.spent + fees <= key.cap
    if (isKeyGood) covered = i + 1
  }
  return pending.slice(0, covered)
}
