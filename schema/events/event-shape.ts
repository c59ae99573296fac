import type { ChainMetadata, Decimal, DomainEvent, Hex } from './event.ts'

/** What a field of an event holds; `number` is an integer that fits a JavaScript number. */
export interface FieldKinds {
  readonly address: Hex
  readonly addresses: readonly Hex[]
  readonly hex: Hex
  readonly hexes: readonly Hex[]
  readonly decimal: Decimal
  readonly decimals: readonly Decimal[]
  readonly number: number
  readonly flag: boolean
  readonly text: string
  readonly texts: readonly string[]
}

/** Fields of one event type. */
export type EventShape = Readonly<Record<string, keyof FieldKinds>>

/** Events of one contract by domain type. */
export type EventShapes = Readonly<Record<string, EventShape>>

/** The closed union of events that a table of shapes describes. */
export type EventsOf<Shapes extends EventShapes> = {
  [Type in keyof Shapes & string]: DomainEvent<
    Type,
    { readonly [Field in keyof Shapes[Type]]: FieldKinds[Shapes[Type][Field]] },
    ChainMetadata
  >
}[keyof Shapes & string]
