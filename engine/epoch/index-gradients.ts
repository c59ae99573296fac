import type { Row } from '../../schema/codec/row.ts'
import { BaseError } from '../../schema/errors.ts'
import type { GradientSegmentIndexed } from '../../schema/events/attribution.ts'
import type { Hex } from '../../schema/events/event.ts'
import { attributionMethod, engineHash } from '../attribution/attribution-method.ts'
import { sharedCodes } from '../attribution/shared-codes.ts'
import type { EngineContext } from './engine-context.ts'
import { gradientSegmentIndexed } from './engine-events.ts'
import type { EngineStream } from './engine-stream.ts'
import type { CheckpointCodes } from './gradient-store.ts'
import type { TrainingSet } from './load-training-set.ts'
import { takeCodes } from './take-codes.ts'
import { usedCheckpoints } from './used-checkpoints.ts'

/**
 * Takes the gradients of all rows at one checkpoint, segment by segment.
 *
 * A finished segment is an artifact and an event, so after a crash only the segment that was being
 * computed is computed again.
 *
 * @param rows texts of the training rows; read only if a segment is missing.
 */
export async function indexGradients(
  context: EngineContext,
  stream: EngineStream,
  trainingSet: TrainingSet,
  checkpoint: { readonly index: number; readonly hash: Hex },
  rows: () => Promise<readonly (Row | null)[]>,
): Promise<CheckpointCodes> {
  const { modelId, version, rows: trainingRows } = trainingSet
  const model = `${modelId}@${version}`
  const count = trainingRows.length
  const known = knownSegments(stream, checkpoint.index)
  const segments: { hash: Hex; rowCount: number }[] = []
  let codes: Int8Array | undefined
  for (let start = 0; start < count; start += attributionMethod.segmentRows) {
    const segment = segments.length
    const rowCount = Math.min(attributionMethod.segmentRows, count - start)
    const found = known.get(segment)
    const part =
      found === undefined
        ? await takeCodes(context, trainingSet, checkpoint.hash, {
            rows: (await rows()).slice(start, start + rowCount),
            onProgress: (done) =>
              context.onProgress?.({
                stage: 'gradients',
                model,
                done: checkpoint.index * count + start + done,
                total: usedCheckpoints(trainingSet.manifest).length * count,
              }),
          })
        : await readCodes(context, found, rowCount)
    const width = part.length / rowCount
    codes ??= sharedCodes(count * width)
    codes.set(part, start * width)
    const hash = found?.hash ?? (await context.artifacts.put(bytesOf(part)))
    segments.push({ hash, rowCount })
    await stream.append([
      gradientSegmentIndexed(
        { modelId, version, checkpoint: checkpoint.index, segment, rowCount, width, hash },
        { chainId: context.chainId, engineHash },
      ),
    ])
  }
  return { hash: checkpoint.hash, codes: codes ?? sharedCodes(0), segments }
}

const bytesOf = (codes: Int8Array): Uint8Array =>
  new Uint8Array(codes.buffer, codes.byteOffset, codes.length)

function knownSegments(stream: EngineStream, checkpoint: number) {
  const segments = new Map<number, GradientSegmentIndexed['data']>()
  for (const event of stream.recorded) {
    if (event.type !== 'GradientSegmentIndexed') continue
    if (event.metadata['engineHash'] !== engineHash) continue
    const data = event.data as unknown as GradientSegmentIndexed['data']
    if (data.checkpoint === checkpoint) segments.set(data.segment, data)
  }
  return segments
}

async function readCodes(
  context: EngineContext,
  segment: GradientSegmentIndexed['data'],
  rowCount: number,
): Promise<Int8Array> {
  const bytes = await context.artifacts.get(segment.hash)
  if (segment.rowCount !== rowCount || bytes.length !== rowCount * segment.width) {
    throw new BaseError('MANIFEST_INVALID', {
      facts: { hash: segment.hash, problem: 'another size', bytes: bytes.length },
    })
  }
  return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}
