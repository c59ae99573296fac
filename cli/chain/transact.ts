import type { Abi, ContractFunctionArgs, ContractFunctionName, TransactionReceipt } from 'viem'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { ChainConnection, Wallet } from './connect-chain.ts'

/**
 * Simulates a contract call, sends it and waits for its receipt.
 *
 * The simulation comes first so that a call that would revert costs nothing and names its error.
 *
 * @throws `TRANSACTION_FAILED` with the contract's error.
 */
export async function transact<
  const A extends Abi,
  N extends ContractFunctionName<A, 'nonpayable' | 'payable'>,
>(
  chain: ChainConnection,
  wallet: Wallet,
  call: {
    address: Hex
    abi: A
    functionName: N
    args: ContractFunctionArgs<A, 'nonpayable' | 'payable', N>
  },
): Promise<TransactionReceipt> {
  try {
    const { request } = await chain.publicClient.simulateContract({
      ...call,
      account: wallet.account,
    } as never)
    const hash = await wallet.writeContract(request as never)
    const receipt = await chain.publicClient.waitForTransactionReceipt({
      hash,
      timeout: 120_000,
      // While viem looks for a replacement it drops block notices; an automining node sends no more.
      checkReplacement: false,
    })
    if (receipt.status === 'success') return receipt
    throw new BaseError('TRANSACTION_FAILED', {
      facts: { function: call.functionName, transaction: hash },
    })
  } catch (cause) {
    if (cause instanceof BaseError) throw cause
    throw new BaseError('TRANSACTION_FAILED', {
      facts: { function: call.functionName, contract: call.address },
      cause,
    })
  }
}
