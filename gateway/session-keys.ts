import { BaseError } from '../schema/errors.ts'
import type { Hex } from '../schema/events/event.ts'
import type { Lane, LaneBook } from './lane-book.ts'
import type { LedgerChain, SessionKey } from './ledger-chain.ts'
import type { Settlement } from './settlement.ts'

/** Watches that what session keys signed can still be charged when its batch comes. */
export interface SessionKeys {
  /**
   * Sets the most that a call may cost aside from the key's cap until `release`; nothing for the
   * payer's own signature.
   *
   * The last voucher of a lane pays for all its calls of a batch, so a key answers for everything
   * that is pending in the lanes it signs in.
   *
   * @throws `VOUCHER_KEY_UNKNOWN`, `VOUCHER_KEY_EXPIRED`, `VOUCHER_KEY_OVER_CAP`,
   * `NODE_UNAVAILABLE`.
   */
  reserve(lane: Lane, signer: Hex, maxFee: bigint): Promise<{ release(): void }>
}

interface KnownKey extends SessionKey {
  readonly readAt: number
  readonly generation: number
}

/** Opens the watch. Keys are read again after `maxAgeMs`, after each batch, and before a refusal. */
export function createSessionKeys(options: {
  readonly chain: Pick<LedgerChain, 'signerOf'>
  readonly lanes: Pick<LaneBook, 'of'>
  readonly settlement: Pick<Settlement, 'touches' | 'generation' | 'done'>
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** How long a key must still be valid: longer than until the call is charged. */
  readonly marginSeconds: number
  readonly maxAgeMs?: number
}): SessionKeys {
  const { chain, lanes, settlement, now, marginSeconds, maxAgeMs = 5_000 } = options
  const known = new Map<string, KnownKey>()
  const reserved = new Map<string, bigint>()

  async function read(payer: Hex, key: Hex): Promise<KnownKey> {
    for (;;) {
      if (settlement.touches(payer)) await settlement.done()
      const { generation } = settlement
      const limits = await chain.signerOf(payer, key)
      if (settlement.generation !== generation) continue
      const fresh = { ...limits, readAt: now(), generation }
      // Names of keys cost nothing, so those that no payer set are not kept.
      if (limits.validUntil > 0n) known.set(nameOf(payer, key), fresh)
      return fresh
    }
  }

  const exposure = (lane: Lane, payer: Hex, key: Hex): bigint =>
    lanes
      .of(payer)
      .filter((one) => one === lane || one.pending.some(({ signer }) => signer === key))
      .flatMap(({ pending }) => pending)
      .reduce((sum, { call }) => sum + call.fee, reserved.get(nameOf(payer, key)) ?? 0n)

  const refusal = (limits: SessionKey, needed: bigint): BaseError | undefined => {
    const { validUntil, cap, spent } = limits
    if (validUntil === 0n) return new BaseError('VOUCHER_KEY_UNKNOWN')
    const neededUntil = BigInt(Math.floor(now() / 1000) + marginSeconds)
    if (validUntil < neededUntil)
      return new BaseError('VOUCHER_KEY_EXPIRED', { facts: { validUntil, neededUntil } })
    const left = cap > spent ? cap - spent : 0n
    if (left < needed) return new BaseError('VOUCHER_KEY_OVER_CAP', { facts: { left, needed } })
    return undefined
  }

  return {
    async reserve(lane, signer, maxFee) {
      const { payer } = lane.id
      if (signer === payer) return { release() {} }
      const name = nameOf(payer, signer)
      const cached = known.get(name)
      const isFresh =
        cached !== undefined &&
        cached.generation === settlement.generation &&
        now() - cached.readAt <= maxAgeMs
      const needed = () => exposure(lane, payer, signer) + maxFee
      if (!isFresh || refusal(cached, needed()) !== undefined) {
        const refused = refusal(await read(payer, signer), needed())
        if (refused !== undefined) throw refused
      }
      reserved.set(name, (reserved.get(name) ?? 0n) + maxFee)
      let held = maxFee
      return {
        release() {
          const rest = (reserved.get(name) ?? 0n) - held
          held = 0n
          if (rest === 0n) reserved.delete(name)
          else reserved.set(name, rest)
        },
      }
    },
  }
}

const nameOf = (payer: Hex, key: Hex): string => `${payer}:${key}`
