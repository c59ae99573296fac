import { attributionMethod } from './attribution-method.ts'

const q48 = 1n << 48n

/**
 * Computes the damping λ = tr F / min(n, k) times 2^48, rounded down, in units of squared codes.
 *
 * F = GᵀG / n, so tr F is the mean squared length of the rows. `squares` is Σ|g|² over n rows of k
 * codes.
 */
export function dampingQ48(squares: bigint, rowCount: number, width: number): bigint {
  const scale = BigInt(attributionMethod.fisher.scaleMilli)
  const divisor = 1000n * BigInt(rowCount) * BigInt(Math.min(rowCount, width))
  return (squares * scale * q48) / divisor
}

/** Turns {@link dampingQ48} into what is added to the diagonal of GGᵀ: n·λ. */
export const gramDamping = (lambdaQ48: bigint, rowCount: number): number =>
  Number(lambdaQ48 * BigInt(rowCount)) / 2 ** 48
