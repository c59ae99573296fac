/** What a log of the chain means, worked out apart from the product. */
export interface ChainFact {
  /** `blockHash:logIndex`, with `:part` where a log says several things. */
  readonly key: string
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
  readonly height: number
  readonly blockHash: string
  readonly logIndex: number
}

/** A log as a node gives it. */
export interface NodeLog {
  readonly address: `0x${string}`
  readonly topics: readonly `0x${string}`[]
  readonly data: `0x${string}`
  readonly blockNumber: `0x${string}`
  readonly blockHash: `0x${string}`
  readonly transactionHash: `0x${string}`
  readonly logIndex: `0x${string}`
}
