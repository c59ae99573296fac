/** Where on the chain a fact was found; block numbers and indexes fit a JavaScript number. */
export interface ChainMetadata {
  readonly chainId: number
  readonly blockNumber: number
  readonly blockHash: string
  readonly txHash: string
  readonly logIndex: number
  /** Seconds since 1970 of the block. */
  readonly timestamp: number
  /** Address of a contract that the deployment calls added. */
  readonly contract?: Hex
  /** It came after facts of later blocks, because its contract was added later. */
  readonly late?: true
}

/** One domain fact: past tense, versioned, JSON only (amounts and 256-bit numbers are decimal strings). */
export interface DomainEvent<Type extends string, Data, Metadata = ChainMetadata> {
  readonly type: Type
  readonly data: Data
  readonly metadata: Metadata
}

/** A `0x`-prefixed lowercase hex string. */
export type Hex = `0x${string}`

/** A non-negative integer of any size as decimal digits. */
export type Decimal = string
