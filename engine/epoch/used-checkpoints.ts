import type { TrainingRunManifest } from '../../schema/manifests/training-run.ts'
import { attributionMethod } from '../attribution/attribution-method.ts'

/** Lists the early checkpoints that calls are scored at, in training order. */
export const usedCheckpoints = (
  manifest: TrainingRunManifest,
): TrainingRunManifest['checkpoints'] =>
  manifest.checkpoints.filter(
    ({ permille }) => permille <= attributionMethod.checkpoints.maxPermille,
  )
