import { inferenceEscrowAbi } from '../../contracts/abi/inference-escrow.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { KeyPair } from '../chain/derive-key.ts'
import type { RunningStack } from '../stack/connect-stack.ts'
import { fundPayer } from './fund-payer.ts'

const token = 10n ** 18n

/**
 * Fills the escrow of a payer up on a development chain, where tokens cost nothing; elsewhere
 * nothing is moved.
 *
 * @returns what is available in escrow for this operator, base units
 */
export async function ensureEscrow(
  { chain, dev, deployment, keys }: RunningStack,
  payer: KeyPair,
  operator: Hex,
): Promise<bigint> {
  const available = await chain.publicClient.readContract({
    address: deployment.addresses.escrow,
    abi: inferenceEscrowAbi,
    functionName: 'availableOf',
    args: [payer.address, operator],
  })
  if (dev === undefined || available >= token) return available
  const amount = 10n * token
  await fundPayer({
    ...{ chain, deployment, operator, amount },
    treasury: chain.wallet(keys.admin.privateKey),
    payer: chain.wallet(payer.privateKey),
  })
  return available + amount
}
