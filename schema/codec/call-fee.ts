import type { Terms } from '../events/model.ts'

/** Fee of a call in base units, rounded up to a whole unit once over both token counts. */
export function callFee(
  terms: Pick<Terms, 'pricePer1kIn' | 'pricePer1kOut'>,
  tokensIn: number,
  tokensOut: number,
): bigint {
  const thousandths =
    BigInt(terms.pricePer1kIn) * BigInt(tokensIn) + BigInt(terms.pricePer1kOut) * BigInt(tokensOut)
  return (thousandths + 999n) / 1000n
}
