import type { Row } from '../../schema/codec/row.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { EngineContext } from './engine-context.ts'
import type { TrainingSet } from './load-training-set.ts'

const taskRows = 32

/** Takes int8 gradient codes of rows at one checkpoint, spread over the workers. */
export async function takeCodes(
  context: Pick<EngineContext, 'artifacts' | 'baseModelDir' | 'pool' | 'signal'>,
  trainingSet: Pick<TrainingSet, 'manifest'>,
  checkpointHash: Hex,
  work: {
    readonly rows: readonly (Row | null)[]
    readonly onProgress?: (done: number) => void
  },
): Promise<Int8Array> {
  const { artifacts, baseModelDir, pool, signal } = context
  const { rows, onProgress } = work
  const adapterConfig = await artifacts.get(trainingSet.manifest.adapter['adapter_config.json'])
  const weights = await artifacts.get(checkpointHash)
  let done = 0
  const parts = await Promise.all(
    Array.from({ length: Math.ceil(rows.length / taskRows) }, async (_, i) => {
      const chunk = rows.slice(i * taskRows, (i + 1) * taskRows)
      const part = await pool.run(
        {
          kind: 'gradients',
          baseModelDir,
          adapterConfig,
          checkpointHash,
          weights,
          rows: chunk,
        },
        signal === undefined ? {} : { signal },
      )
      done += chunk.length
      onProgress?.(done)
      return part
    }),
  )
  const codes = new Int8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    codes.set(part, at)
    at += part.length
  }
  return codes
}
