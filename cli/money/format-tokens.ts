import { formatUnits } from 'viem'

/** Writes base units as tokens with six decimals, cut, for a person to read. */
export function formatTokens(amount: bigint): string {
  const [whole = '0', fraction = ''] = formatUnits(amount, 18).split('.')
  return `${whole}.${fraction.padEnd(6, '0').slice(0, 6)}`
}
