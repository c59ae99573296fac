import { parseEventLogs } from 'viem'
import { epochDisputesAbi } from '../../contracts/abi/epoch-disputes.ts'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { DisputesClient } from './disputes-client.ts'
import type { ProvableFault } from './provable-fault.ts'
import { sendDisputesCall } from './send-disputes-call.ts'

export interface ChallengeResult {
  readonly fault: ProvableFault
  readonly transaction: Hex
  /** Taken from the poster's stake, base units. */
  readonly slashed: bigint
  /** The challenger's part, to be withdrawn from the staking contract. */
  readonly reward: bigint
}

/**
 * Proves the first of some faults that the contracts accept: the epoch is rejected and its poster
 * slashed.
 *
 * Each is simulated first, so what is refused costs nothing.
 *
 * @throws FAULT_NOT_PROVEN without faults; what the last fault was refused with if none is accepted.
 */
export async function challengeEpoch(
  client: DisputesClient,
  faults: readonly ProvableFault[],
): Promise<ChallengeResult> {
  let refused: unknown = new BaseError('FAULT_NOT_PROVEN')
  for (const fault of faults) {
    try {
      return await prove(client, fault)
    } catch (error) {
      if (!(error instanceof BaseError)) throw error
      refused = error
    }
  }
  throw refused
}

async function prove(client: DisputesClient, fault: ProvableFault): Promise<ChallengeResult> {
  const receipt = await sendDisputesCall(client, {
    address: client.disputes,
    functionName: 'prove',
    args: [fault.call],
  })
  const [proven] = parseEventLogs({
    abi: epochDisputesAbi,
    eventName: 'FaultProven',
    logs: receipt.logs,
  })
  const { slashed = 0n, reward = 0n } = proven?.args ?? {}
  return { fault, transaction: receipt.transactionHash, slashed, reward }
}
