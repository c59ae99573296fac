import type { ChainFact } from '../../schema/events/chain-event.ts'

type WithoutMetadata<Event> = Event extends { type: infer Type; data: infer Data }
  ? { readonly type: Type; readonly data: Data }
  : never

/** What a log says, without the place it was found at. */
export type FactBody = WithoutMetadata<ChainFact>
