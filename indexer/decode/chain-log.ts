import type { ChainMetadata, Hex } from '../../schema/events/event.ts'

/** A log as the node returned it, with the place it was found at; addresses are lowercase. */
export interface ChainLog extends ChainMetadata {
  readonly address: Hex
  readonly topics: readonly Hex[]
  readonly data: Hex
}
