import { ContractFunctionRevertedError, BaseError as ViemError } from 'viem'
import { rewardsDistributorAbi } from '../../contracts/abi/rewards-distributor.ts'
import type { ErrorCode } from '../../schema/error-codes.ts'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { EpochProposal } from '../../schema/manifests/epoch-proposal.ts'
import type { RewardClaim } from './claim-of.ts'
import type { RewardsClient } from './rewards-client.ts'

/** Errors of the contract that have a code of their own. */
const codeOfRevert: Readonly<Record<string, ErrorCode>> = {
  EpochInFlight: 'EPOCH_IN_FLIGHT',
  InsufficientBond: 'EPOCH_BOND_MISSING',
  WrongStatus: 'EPOCH_NOT_PROPOSED',
  WindowOpen: 'EPOCH_WINDOW_OPEN',
  NoActiveEpoch: 'EPOCH_NOT_CLAIMABLE',
  InvalidProof: 'EPOCH_NOT_CLAIMABLE',
  ClaimsStopped: 'EPOCH_NOT_CLAIMABLE',
}

export type RewardsCall =
  | { readonly functionName: 'propose'; readonly args: readonly [EpochProposal] }
  | { readonly functionName: 'activate'; readonly args: readonly [bigint] }
  | { readonly functionName: 'claim'; readonly args: readonly [Hex, RewardClaim] }

/**
 * Simulates a call of the rewards distributor, sends it and waits for its receipt.
 *
 * @throws TRANSACTION_FAILED, or the code of the contract's error, with its name in the facts.
 */
export async function sendRewardsCall(client: RewardsClient, call: RewardsCall): Promise<Hex> {
  const { rewards: address, publicClient, walletClient } = client
  const { functionName } = call
  try {
    const { request } = await publicClient.simulateContract({
      address,
      abi: rewardsDistributorAbi,
      account: walletClient.account,
      // The block that will hold the transaction: the last one may be the epoch's own.
      blockTag: 'pending',
      ...call,
    } as never)
    const hash = await walletClient.writeContract(request as never)
    // A node that mines only when something is sent never ends viem's search for a replacement.
    const receipt = await publicClient.waitForTransactionReceipt({ hash, checkReplacement: false })
    if (receipt.status === 'success') return hash
    throw new BaseError('TRANSACTION_FAILED', { facts: { function: functionName, hash } })
  } catch (cause) {
    if (cause instanceof BaseError) throw cause
    const revert =
      cause instanceof ViemError && cause.walk((e) => e instanceof ContractFunctionRevertedError)
    const data = revert instanceof ContractFunctionRevertedError ? revert.data : undefined
    const code = codeOfRevert[data?.errorName ?? ''] ?? 'TRANSACTION_FAILED'
    throw new BaseError(code, {
      facts: {
        function: functionName,
        contract: address,
        reverted: data === undefined ? undefined : `${data.errorName}(${data.args?.join(', ')})`,
      },
      cause,
    })
  }
}
