import type { Hex } from '../../schema/events/event.ts'
import type { EventDecoder } from './event-decoders.ts'
import type { FactBody } from './fact-body.ts'

type LogParts = { readonly topics: readonly Hex[]; readonly data: Hex }

/** Turns logs of one contract into facts; `undefined` for a topic it does not know. */
export type LogDecoder = (log: LogParts) => readonly FactBody[] | undefined

/** One event of a contract and what it means; `ignore` for events without a fact. */
export interface Meaning {
  readonly topic: Hex
  readonly read: (log: LogParts) => readonly FactBody[]
}

/** Says what an event of a contract means. */
export const on = <Args>(
  decoder: EventDecoder<Args>,
  toFact: (args: Args) => FactBody,
): Meaning => ({ topic: decoder.topic, read: (log) => [toFact(decoder.decode(log))] })

/** Says that an event of a contract is no fact of the domain. */
export const ignore = (decoder: { readonly topic: Hex }): Meaning => ({
  topic: decoder.topic,
  read: () => [],
})

/** Combines the meanings of all events of a contract. */
export function logDecoder(meanings: readonly Meaning[]): LogDecoder {
  const byTopic = new Map(meanings.map((meaning) => [meaning.topic, meaning]))
  return (log) => {
    const topic = log.topics[0]
    return topic === undefined ? undefined : byTopic.get(topic)?.read(log)
  }
}
