import type {
  CallLeaf,
  CallWeights,
  CreditLeaf,
  RewardLeaf,
} from '../../schema/codec/epoch-leaves.ts'
import type { OpenTree } from './open-tree.ts'

/**
 * What is known behind the roots of an epoch; undefined where nobody published leaves that fold to the
 * declared root.
 */
export interface EpochOpening {
  readonly rewards: OpenTree<RewardLeaf> | undefined
  readonly credits: OpenTree<CreditLeaf> | undefined
  readonly calls: OpenTree<CallLeaf> | undefined
  /** Reward tree of the previous epoch; undefined also if there is none. */
  readonly previous: OpenTree<RewardLeaf> | undefined
  /** Weights by their hash. */
  readonly weights: ReadonlyMap<string, CallWeights>
}
