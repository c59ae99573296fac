import {
  type Abi,
  type ContractEventName,
  type EncodeEventTopicsParameters,
  encodeAbiParameters,
  encodeEventTopics,
  getAbiItem,
} from 'viem'
import type { Hex } from '../../schema/events/event.ts'
import type { ChainLog } from './chain-log.ts'

/** Encodes a log with viem, the reference for what a contract emits. */
export function encodeLog<const A extends Abi, Name extends ContractEventName<A>>(
  address: Hex,
  abi: A,
  eventName: Name,
  args: Readonly<Record<string, unknown>>,
  place: { readonly logIndex?: number; readonly txHash?: Hex } = {},
): ChainLog {
  const item = getAbiItem({ abi: abi as Abi, name: eventName as string })
  if (item?.type !== 'event') throw new TypeError(`${eventName as string} is no event`)
  const unindexed = item.inputs.filter((input) => !input.indexed)
  return {
    chainId: 31337,
    blockNumber: 7,
    blockHash: `0x${'b1'.repeat(32)}`,
    txHash: place.txHash ?? `0x${'71'.repeat(32)}`,
    logIndex: place.logIndex ?? 0,
    timestamp: 1_700_000_000,
    address,
    topics: encodeEventTopics({
      abi,
      eventName,
      args,
    } as unknown as EncodeEventTopicsParameters) as Hex[],
    data: encodeAbiParameters(
      unindexed,
      unindexed.map((input) => args[input.name ?? '']),
    ),
  }
}
