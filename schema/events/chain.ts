import type { DomainEvent, Hex } from './event.ts'

/** A block that was appended before has left the chain: every fact of it is undone. */
export type BlockReverted = DomainEvent<
  'BlockReverted',
  { readonly height: number; readonly hash: Hex; readonly replacedBy: Hex | null },
  { readonly chainId: number }
>

/**
 * Nothing of interest happened up to this block; saves a re-scan after a restart. With `contracts`,
 * everything that these said up to this block stands before it.
 */
export type CursorAdvanced = DomainEvent<
  'CursorAdvanced',
  { readonly height: number; readonly hash: Hex; readonly contracts?: readonly Hex[] },
  { readonly chainId: number }
>

/** A block and everything below it can no longer be reverted. */
export type BlockFinalized = DomainEvent<
  'BlockFinalized',
  { readonly height: number; readonly hash: Hex },
  { readonly chainId: number }
>

/** A log of one of our contracts that no decoder understands; kept with its raw bytes. */
export type UndecodableLog = DomainEvent<
  'UndecodableLog',
  {
    readonly address: Hex
    readonly topics: readonly Hex[]
    readonly data: Hex
    readonly why: string
  }
>

export type ChainMarker = BlockReverted | CursorAdvanced | BlockFinalized
