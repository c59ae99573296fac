import {
  type Abi,
  ContractFunctionRevertedError,
  type TransactionReceipt,
  BaseError as ViemError,
} from 'viem'
import { epochDisputesAbi } from '../../contracts/abi/epoch-disputes.ts'
import { epochFaultsAbi } from '../../contracts/abi/epoch-faults.ts'
import { provenantTokenAbi } from '../../contracts/abi/provenant-token.ts'
import { rewardsDistributorAbi } from '../../contracts/abi/rewards-distributor.ts'
import type { ErrorCode } from '../../schema/error-codes.ts'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { DisputesClient } from './disputes-client.ts'

// What a proof calls reverts with errors of its own, and those come through.
const abi: Abi = [
  ...epochDisputesAbi,
  ...[...epochFaultsAbi, ...rewardsDistributorAbi, ...provenantTokenAbi].filter(
    (item) => item.type === 'error' || ('name' in item && item.name === 'approve'),
  ),
]
const codeOfRevert: Readonly<Record<string, ErrorCode>> = {
  WrongStatus: 'EPOCH_NOT_PROPOSED',
  WrongContext: 'EPOCH_NOT_PROPOSED',
  NoFault: 'FAULT_NOT_PROVEN',
}

export interface DisputesCall {
  readonly address: Hex
  readonly functionName: 'prove' | 'open' | 'approve'
  readonly args: readonly unknown[]
}

/**
 * Simulates a call, sends it unless it is a dry run, and waits for its receipt.
 *
 * @throws FAULT_NOT_PROVEN, EPOCH_NOT_PROPOSED, or TRANSACTION_FAILED with the contract's error.
 */
export async function sendDisputesCall(
  client: DisputesClient,
  call: DisputesCall,
): Promise<TransactionReceipt> {
  const { publicClient, walletClient } = client
  try {
    const { request } = await publicClient.simulateContract({
      ...{ abi, account: walletClient.account, blockTag: 'pending' },
      ...call,
    } as never)
    const hash = await walletClient.writeContract(request as never)
    // A node that mines only when something is sent never ends viem's search for a replacement.
    const receipt = await publicClient.waitForTransactionReceipt({ hash, checkReplacement: false })
    if (receipt.status === 'success') return receipt
    throw new BaseError('TRANSACTION_FAILED', { facts: { function: call.functionName, hash } })
  } catch (cause) {
    throw cause instanceof BaseError ? cause : disputesError(call, cause)
  }
}

/** Says which error of which contract refused a call. */
export function disputesError(call: DisputesCall, cause: unknown): BaseError {
  const revert =
    cause instanceof ViemError && cause.walk((e) => e instanceof ContractFunctionRevertedError)
  const data = revert instanceof ContractFunctionRevertedError ? revert.data : undefined
  return new BaseError(codeOfRevert[data?.errorName ?? ''] ?? 'TRANSACTION_FAILED', {
    facts: {
      function: call.functionName,
      contract: call.address,
      reverted: data === undefined ? undefined : `${data.errorName}(${data.args?.join(', ')})`,
    },
    cause,
  })
}
