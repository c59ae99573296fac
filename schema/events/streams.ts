/** Stream that holds every chain fact of one chain in order. */
export const chainStream = (chainId: number): string => `chain-${chainId}`

/** Stream of what the engine decided about one model version of one chain. */
export const attributionStream = (chainId: number, modelId: string, version: number): string =>
  `attribution-${chainId}-${modelId}-${version}`

/** Stream of closed epochs of one chain. */
export const epochStream = (chainId: number): string => `epochs-${chainId}`
