/**
 * Claim gas of other distributors by leaves, as measured earlier on one machine with the same token:
 * whole transactions, first claims at 10^3 leaves and later ones above (Uniswap pays once).
 */
export const publishedClaims = [
  {
    leaves: 1_000,
    claim: 'first',
    eigenLayer: 120_579,
    merkl: 136_155,
    urd: 74_681,
    uniswap: 71_623,
  },
  {
    leaves: 10_000,
    claim: 'later',
    eigenLayer: 86_877,
    merkl: 85_549,
    urd: 59_826,
    uniswap: 73_871,
  },
  {
    leaves: 100_000,
    claim: 'later',
    eigenLayer: 89_375,
    merkl: 87_290,
    urd: 62_139,
    uniswap: 76_144,
  },
  {
    leaves: 1_000_000,
    claim: 'later',
    eigenLayer: 91_793,
    merkl: 90_785,
    urd: 65_187,
    uniswap: 79_200,
  },
] as const

/** Gas of submitting a root and making it claimable; none of them knows what the root sums to. */
export const publishedRoots = {
  eigenLayer: 86_697,
  merkl: 53_475,
  urd: 97_361 + 36_288,
} as const
