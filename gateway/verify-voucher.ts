import { hexToBigInt, recoverAddress } from 'viem'
import { type Voucher, voucherDigest } from '../schema/codec/voucher.ts'
import { BaseError } from '../schema/errors.ts'
import type { Hex } from '../schema/events/event.ts'
import type { LedgerChain } from './ledger-chain.ts'

// Half the order of secp256k1; the ledger refuses the mirrored signature (EIP-2).
const maxS = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n

/**
 * Checks that a voucher is signed by its payer exactly as the ledger will check it.
 *
 * A payer without code is checked here; one with code (a wallet contract, or a key that delegated
 * under EIP-7702) by the ledger through ERC-1271, because there its key alone does not count.
 *
 * @throws `VOUCHER_WRONG_OPERATOR`, `VOUCHER_BAD_SIGNATURE`, `NODE_UNAVAILABLE`.
 */
export async function verifyVoucher(
  chain: Pick<LedgerChain, 'chainId' | 'ledger' | 'operator' | 'hasCode' | 'isSignedBy'>,
  voucher: Voucher,
  signature: Hex,
): Promise<void> {
  const { payer } = voucher
  if (voucher.operator !== chain.operator)
    throw new BaseError('VOUCHER_WRONG_OPERATOR', {
      facts: { expected: chain.operator, actual: voucher.operator },
    })
  const digest = voucherDigest(chain.chainId, chain.ledger, voucher)
  const isSigned = (await chain.hasCode(payer))
    ? await chain.isSignedBy(payer, digest, signature)
    : (await recoverSigner(digest, signature)) === payer
  if (!isSigned) throw new BaseError('VOUCHER_BAD_SIGNATURE', { facts: { payer } })
}

async function recoverSigner(digest: Hex, signature: Hex): Promise<string | undefined> {
  if (!/^0x[0-9a-f]{128}(1b|1c)$/.test(signature)) return undefined
  if (hexToBigInt(`0x${signature.slice(66, 130)}`) > maxS) return undefined
  try {
    return (await recoverAddress({ hash: digest, signature })).toLowerCase()
  } catch {
    return undefined
  }
}
