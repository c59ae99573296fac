import { keccak256, toBytes } from 'viem'
import { canonicalJson } from '../../schema/codec/canonical-json.ts'
import type { Hex } from '../../schema/events/event.ts'

/**
 * Every parameter that decides who is paid. Changing one changes {@link engineHash}, which is
 * written on-chain with each epoch, so that an auditor knows which rule to recompute.
 */
export const attributionMethod = freeze({
  name: 'damped-fisher-rows',
  version: 1,
  /** Later checkpoints are skipped: gradients of memorised rows are mostly noise. */
  checkpoints: { maxPermille: 400 },
  codes: { clipSigmas: 4, max: 127 },
  projection: { maxUnprojected: 16_384, width: 4_096, seed: 20_260_101 },
  segmentRows: 1_024,
  clusters: {
    shingleTokens: 3,
    bands: 24,
    bandRows: 5,
    minJaccardMilli: 800,
    minCosineMilli: 980,
  },
  /** λ = scaleMilli / 1000 · tr F / min(n, k); at most `maxRows` representatives enter F. */
  fisher: { scaleMilli: 1_000, maxRows: 4_096, solutionMax: 16_256 },
  /**
   * A call pays rows from `minZMilli` up if its best row stands out: it reaches `standOutZMilli`, or
   * half of √N among few rows N, where no standard score can exceed √N.
   */
  credit: { minZMilli: 2_000, standOutZMilli: 6_000, standOutRootMilli: 500, maxRows: 32 },
  citation: { minLength: 4, minAnswerMilli: 500 },
  /** Accounts that one call pays; the contracts judge splits among at most 1,024. */
  accounts: { maxInfluence: 896, maxRetrieval: 128 },
} as const)

/** keccak256 of the canonical JSON of {@link attributionMethod}. */
export const engineHash: Hex = keccak256(toBytes(canonicalJson(attributionMethod)))

function freeze<Value extends object>(value: Value): Value {
  for (const part of Object.values(value)) if (typeof part === 'object') freeze(part)
  return Object.freeze(value)
}
