import { gpuJsScores } from '../../gpu/scores/gpu-js-scores.ts'
import { onnxScores } from '../../gpu/scores/onnx-scores.ts'
import { referenceScores } from '../../gpu/scores/reference-scores.ts'
import type { ScoreBackend } from '../../gpu/scores/score-backend.ts'

/** Names of the score kernels that an audit can use; all give the same integers. */
export const backendNames = ['reference', 'gpu.js', 'onnx'] as const

export type BackendName = (typeof backendNames)[number]

/** Opens a score kernel by its name; the caller closes it. */
export async function openBackend(name: BackendName): Promise<ScoreBackend> {
  switch (name) {
    case 'reference':
      return referenceScores()
    case 'gpu.js':
      return gpuJsScores({ mode: 'webasm' })
    case 'onnx':
      return onnxScores()
  }
}
