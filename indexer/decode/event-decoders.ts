import { event, indexed } from '@subsquid/evm-abi'
import * as codecs from '@subsquid/evm-codec'
import {
  type Abi,
  type AbiEvent,
  type ContractEventName,
  type DecodeEventLogReturnType,
  toEventSelector,
  toEventSignature,
} from 'viem'
import type { Hex } from '../../schema/events/event.ts'

/** Decodes one kind of log; throws when topics or data do not fit. */
export interface EventDecoder<Args> {
  readonly topic: Hex
  decode(log: { readonly topics: readonly Hex[]; readonly data: Hex }): Args
}

/** Decoders of a contract by event name. */
export type EventDecoders<A extends Abi> = {
  readonly [Name in ContractEventName<A>]: EventDecoder<DecodeEventLogReturnType<A, Name>['args']>
}

type Codec = codecs.Codec<unknown>

interface Parameter {
  readonly type: string
  readonly name?: string | undefined
  readonly components?: readonly Parameter[] | undefined
}

/**
 * Makes decoders for the events of an ABI from the codecs of `@subsquid/evm-abi`.
 *
 * viem's `decodeEventLog` gives the same values but takes eight times as long; addresses come
 * lowercase from here and mixed-case from there.
 */
export function eventDecoders<const A extends Abi>(abi: A): EventDecoders<A> {
  const events = abi.filter((item): item is AbiEvent => item.type === 'event')
  return Object.fromEntries(
    events.map((item) => {
      const args = item.inputs.map((input, i) => {
        const codec = codecOf(input)
        return [input.name ?? `arg${i}`, input.indexed ? indexed(codec) : codec]
      })
      const decoder = event(toEventSelector(item), toEventSignature(item), Object.fromEntries(args))
      return [
        item.name,
        {
          topic: decoder.topic,
          decode: (log: { readonly topics: readonly Hex[]; readonly data: Hex }) =>
            decoder.decode({ topics: [...log.topics], data: log.data }),
        },
      ]
    }),
  ) as unknown as EventDecoders<A>
}

function codecOf({ type, components }: Parameter): Codec {
  if (type.endsWith('[]'))
    return codecs.array(codecOf({ type: type.slice(0, -2), components })) as unknown as Codec
  if (type === 'tuple')
    return codecs.struct(
      Object.fromEntries(
        (components ?? []).map((part) => [part.name ?? '', codecOf(part)]),
      ) as never,
    ) as unknown as Codec
  const codec = (codecs as unknown as Readonly<Record<string, Codec | undefined>>)[type]
  if (codec === undefined) throw new TypeError(`no codec for Solidity type ${type}`)
  return codec
}
