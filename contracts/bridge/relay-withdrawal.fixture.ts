import { encodeFunctionData, type TransactionReceipt } from 'viem'
import { getWithdrawals } from 'viem/op-stack'
import { portalAbi } from './bridge-abi.fixture.ts'
import type { StandardBridge } from './start-bridge.fixture.ts'

/** A message that L2 sent and L1 has to run. */
export type Withdrawal = ReturnType<typeof getWithdrawals>[number]

/** Reads the one message to L1 that a transaction on L2 left with the message passer. */
export function withdrawalOf(receipt: TransactionReceipt): Withdrawal {
  const [withdrawal, ...others] = getWithdrawals(receipt)
  if (withdrawal === undefined || others.length > 0) throw new RangeError('not one withdrawal')
  return withdrawal
}

/** Finalizes a withdrawal on L1 without its proof and its waiting time. */
export async function relayWithdrawal(
  bridge: StandardBridge,
  withdrawal: Withdrawal,
): Promise<TransactionReceipt> {
  const { sender, target, value, gasLimit, data } = withdrawal
  return bridge.l1.send(
    sender,
    bridge.l1.portal,
    encodeFunctionData({
      abi: portalAbi,
      functionName: 'relay',
      args: [sender, target, value, gasLimit, data],
    }),
  )
}
