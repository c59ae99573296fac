import type { Hex } from '../../schema/events/event.ts'
import type { GradientStoreRef } from '../../schema/manifests/epoch.ts'
import type { GradientRows } from '../../schema/manifests/gradient-rows.ts'

/** Gradients of all training rows at one checkpoint. */
export interface CheckpointCodes {
  /** sha256 of the adapter weights. */
  readonly hash: Hex
  /** `[rows, width]` int8 codes, shared memory. */
  readonly codes: Int8Array
  readonly segments: readonly { readonly hash: Hex; readonly rowCount: number }[]
}

/** Everything that scores the calls of one model version. */
export interface GradientStore {
  readonly ref: GradientStoreRef
  readonly rows: GradientRows
  readonly checkpoints: readonly CheckpointCodes[]
}
