/**
 * When a block is final: with so many blocks on top of it, or when the node says so by its tag
 * (Ethereum's `finalized` checkpoint, or the weaker `safe` one).
 */
export type ChainFinality = number | 'finalized' | 'safe'
