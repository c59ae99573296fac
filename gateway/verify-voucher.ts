import { hexToBigInt, recoverAddress } from 'viem'
import { voucherDigest } from '../schema/codec/voucher.ts'
import { BaseError } from '../schema/errors.ts'
import type { Hex } from '../schema/events/event.ts'
import type { LedgerChain } from './ledger-chain.ts'
import type { SignedVoucher } from './voucher-header.ts'

// Half the order of secp256k1; the ledger refuses the mirrored signature (EIP-2).
const maxS = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n

/**
 * Checks that a voucher is signed by its signer exactly as the ledger will check it.
 *
 * A signature of the signer's own key counts, also when it delegated under EIP-7702; of another one
 * with code the ledger is asked, which asks the contract through ERC-1271.
 *
 * @throws `VOUCHER_WRONG_OPERATOR`, `VOUCHER_BAD_SIGNATURE`, `NODE_UNAVAILABLE`.
 */
export async function verifyVoucher(
  chain: Pick<LedgerChain, 'chainId' | 'ledger' | 'operator' | 'hasCode' | 'isSignedBy'>,
  { voucher, signer, signature }: Pick<SignedVoucher, 'voucher' | 'signer' | 'signature'>,
): Promise<void> {
  if (voucher.operator !== chain.operator)
    throw new BaseError('VOUCHER_WRONG_OPERATOR', {
      facts: { expected: chain.operator, actual: voucher.operator },
    })
  const digest = voucherDigest(chain.chainId, chain.ledger, voucher)
  if ((await recoverSigner(digest, signature)) === signer) return
  const isSigned =
    (await chain.hasCode(signer)) && (await chain.isSignedBy(signer, digest, signature))
  if (!isSigned)
    throw new BaseError('VOUCHER_BAD_SIGNATURE', { facts: { payer: voucher.payer, signer } })
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
