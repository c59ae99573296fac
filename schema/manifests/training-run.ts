import type { Hex } from '../events/event.ts'

/** Rows one training run saw, as an artifact: contributions in id order, row indices ascending. */
export interface DatasetManifest {
  readonly kind: 'dataset'
  readonly version: 1
  readonly contributions: readonly {
    readonly contributionId: string
    readonly root: Hex
    readonly rows: readonly number[]
  }[]
}

/** Everything that makes a training run repeatable; its sha256 is the run's `artefactHash`. */
export interface TrainingRunManifest {
  readonly kind: 'training-run'
  readonly version: 1
  /** sha256 of the base model's `model.safetensors`. */
  readonly baseModelHash: Hex
  readonly model: string
  /** Files of the PEFT directory by name. */
  readonly adapter: Readonly<Record<'adapter_config.json' | 'adapter_model.safetensors', Hex>>
  /** Early checkpoints in step order: adapter weights as safetensors; `permille` of all steps. */
  readonly checkpoints: readonly {
    readonly step: number
    readonly permille: number
    readonly hash: Hex
  }[]
  /** sha256 of the training configuration artifact (canonical JSON). */
  readonly configHash: Hex
  /** sha256 of the `DatasetManifest` artifact. */
  readonly datasetHash: Hex
  /** Merkle root over the contributions' roots in id order. */
  readonly datasetRoot: Hex
  /** sha256 of the row order artifact: u32 little-endian row numbers, epoch after epoch. */
  readonly dataOrderHash: Hex
  /** sha256 of the training log (JSON lines). */
  readonly logHash: Hex
}
