import type { PreconditionerFitted } from '../../schema/events/attribution.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { GradientRows } from '../../schema/manifests/gradient-rows.ts'
import { engineHash } from '../attribution/attribution-method.ts'
import { dampingQ48 } from '../attribution/damping.ts'
import { fisherRows } from '../attribution/fisher-rows.ts'
import { gatherRows } from '../attribution/gather-rows.ts'
import { sumSquares } from '../attribution/sum-squares.ts'
import type { EngineContext } from './engine-context.ts'
import { preconditionerFitted } from './engine-events.ts'
import type { EngineStream } from './engine-stream.ts'
import type { CheckpointCodes, GradientStore } from './gradient-store.ts'
import { groupRows } from './group-rows.ts'
import { indexGradients } from './index-gradients.ts'
import type { TrainingSet } from './load-training-set.ts'
import { gradientRows } from './manifest-schemas.ts'
import { putJsonArtifact } from './put-json-artifact.ts'
import { readJsonArtifact } from './read-json-artifact.ts'
import { readTrainingRows } from './read-training-rows.ts'
import { usedCheckpoints } from './used-checkpoints.ts'

/**
 * Opens the gradient store of a model version and computes what it lacks.
 *
 * What was indexed before is read, not computed, also if rows have been erased since.
 */
export async function openGradientStore(
  context: EngineContext,
  stream: EngineStream,
  trainingSet: TrainingSet,
): Promise<GradientStore> {
  const { modelId, version, manifest } = trainingSet
  let loading: ReturnType<typeof readTrainingRows> | undefined
  const texts = () => {
    loading ??= readTrainingRows(context.rowVault, trainingSet.rows)
    return loading
  }
  const used = usedCheckpoints(manifest)
  const checkpoints: CheckpointCodes[] = []
  for (const [index, { hash }] of used.entries()) {
    checkpoints.push(await indexGradients(context, stream, trainingSet, { index, hash }, texts))
  }
  const rowsHash =
    fittedRowsHash(stream) ??
    (await putJsonArtifact(
      context.artifacts,
      await groupRows(trainingSet, await texts(), checkpoints.at(-1)?.codes, context.backend),
    ))
  const rows = await readJsonArtifact(context.artifacts, rowsHash, gradientRows)
  const fitted = checkpoints.map((checkpoint) => fitDamping(rows, checkpoint))
  await stream.append(
    fitted.map(({ rowCount, width, lambdaQ48 }, checkpoint) =>
      preconditionerFitted(
        { modelId, version, checkpoint, rowCount, width, rowsHash, lambdaQ48: String(lambdaQ48) },
        { chainId: context.chainId, engineHash },
      ),
    ),
  )
  return {
    ref: {
      modelId,
      version,
      width: fitted[0]?.width ?? 0,
      rowsHash,
      checkpoints: checkpoints.map(({ hash, segments }, i) => ({
        hash,
        lambdaQ48: String(fitted[i]!.lambdaQ48),
        segments,
      })),
    },
    rows,
    checkpoints,
  }
}

function fitDamping(rows: GradientRows, checkpoint: CheckpointCodes) {
  const width = checkpoint.codes.length / rows.rows.length
  const chosen = fisherRows(rows.representatives)
  const squares = sumSquares(gatherRows(checkpoint.codes, chosen, width))
  return { rowCount: chosen.length, width, lambdaQ48: dampingQ48(squares, chosen.length, width) }
}

function fittedRowsHash(stream: EngineStream): Hex | undefined {
  const event = stream.recorded.find(
    ({ type, metadata }) =>
      type === 'PreconditionerFitted' && metadata['engineHash'] === engineHash,
  )
  return (event?.data as unknown as PreconditionerFitted['data'] | undefined)?.rowsHash
}
