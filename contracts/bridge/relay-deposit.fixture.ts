import { encodeEventTopics, type TransactionReceipt } from 'viem'
import { extractTransactionDepositedLogs, opaqueDataToDepositData } from 'viem/op-stack'
import type { Hex } from '../../schema/events/event.ts'
import { messengerAbi } from './bridge-abi.fixture.ts'
import type { StandardBridge } from './start-bridge.fixture.ts'

/** A message that L1 sent and L2 has to run. */
export interface Deposit {
  /** The messenger of L1 under its alias. */
  readonly from: Hex
  readonly to: Hex
  readonly data: Hex
  readonly gas: bigint
}

const [failedTopic] = encodeEventTopics({ abi: messengerAbi, eventName: 'FailedRelayedMessage' })
const [relayedTopic] = encodeEventTopics({ abi: messengerAbi, eventName: 'RelayedMessage' })

/** Reads the messages to L2 that a transaction on L1 left in the portal's log. */
export function depositsOf(receipt: TransactionReceipt): readonly Deposit[] {
  return extractTransactionDepositedLogs(receipt).map(({ args }) => {
    const { gas, data } = opaqueDataToDepositData(args.opaqueData)
    return { from: args.from, to: args.to, data, gas }
  })
}

/**
 * Runs a message on L2, as derivation would.
 *
 * @param sender - Anybody may run a failed message again; only the alias may run it first.
 * @returns `failed` is what a monitor has to look for: the transaction succeeds, the message does not.
 */
export async function relayDeposit(
  bridge: StandardBridge,
  deposit: Deposit,
  options: { readonly sender?: Hex; readonly gas?: bigint } = {},
): Promise<{ readonly outcome: 'relayed' | 'failed' | 'reverted'; readonly gasUsed: bigint }> {
  const { sender = deposit.from, gas = deposit.gas } = options
  const receipt = await bridge.l2.send(sender, deposit.to, deposit.data, gas)
  const topics = receipt.logs.map((log) => log.topics[0])
  const outcome = topics.includes(failedTopic)
    ? 'failed'
    : topics.includes(relayedTopic)
      ? 'relayed'
      : 'reverted'
  return { outcome, gasUsed: receipt.gasUsed }
}
