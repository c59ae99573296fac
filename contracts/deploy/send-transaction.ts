import type { Account, Chain, PublicClient, Transport, WalletClient } from 'viem'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'

/** Who pays, and the node that is asked. */
export interface Sender {
  readonly walletClient: WalletClient<Transport, Chain, Account>
  readonly publicClient: PublicClient
}

/**
 * Sends one transaction of the deployment and waits for its receipt.
 *
 * @throws `DEPLOYMENT_FAILED` with the step.
 */
export async function sendTransaction(
  { walletClient, publicClient }: Sender,
  step: string,
  transaction: { readonly to: Hex; readonly data?: Hex; readonly value?: bigint },
): Promise<void> {
  try {
    const hash = await walletClient.sendTransaction(transaction)
    await waitForSuccess(publicClient, step, hash)
  } catch (cause) {
    if (cause instanceof BaseError) throw cause
    throw new BaseError('DEPLOYMENT_FAILED', { facts: { step }, cause })
  }
}

/** Waits for the receipt of a sent transaction. @throws `DEPLOYMENT_FAILED` when it reverted. */
export async function waitForSuccess(
  publicClient: PublicClient,
  step: string,
  hash: Hex,
): Promise<void> {
  // While viem looks for a replacement it drops block notifications; on a node that only mines
  // when something is sent, the dropped one is the last and the wait never ends.
  const receipt = await publicClient.waitForTransactionReceipt({
    hash,
    checkReplacement: false,
    pollingInterval: 100,
  })
  if (receipt.status === 'success') return
  throw new BaseError('DEPLOYMENT_FAILED', { facts: { step, transaction: hash } })
}
