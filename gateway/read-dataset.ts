import { z } from 'zod'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import { BaseError } from '../schema/errors.ts'
import type { Hex } from '../schema/events/event.ts'
import type { DatasetManifest } from '../schema/manifests/training-run.ts'

const hash = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/)
  .transform((text) => text as Hex)

const runSchema = z.looseObject({
  kind: z.literal('training-run'),
  version: z.literal(1),
  datasetHash: hash,
})

const datasetSchema = z.looseObject({
  kind: z.literal('dataset'),
  version: z.literal(1),
  contributions: z.array(
    z.looseObject({
      contributionId: z.string().regex(/^[1-9][0-9]*$/),
      rows: z.array(z.int().nonnegative()),
    }),
  ),
})

/**
 * Reads which rows a published version was trained on, through its release manifest.
 *
 * @throws `ARTIFACT_MISSING`, `ARTIFACT_CORRUPT`, `MANIFEST_INVALID`.
 */
export async function readDataset(
  artifacts: ArtifactStore,
  artefactHash: Hex,
): Promise<readonly Pick<DatasetManifest['contributions'][number], 'contributionId' | 'rows'>[]> {
  const run = await readManifest(artifacts, artefactHash, runSchema)
  const dataset = await readManifest(artifacts, run.datasetHash, datasetSchema)
  return dataset.contributions
}

async function readManifest<T>(
  artifacts: ArtifactStore,
  hash: Hex,
  schema: z.ZodType<T>,
): Promise<T> {
  const bytes = await artifacts.get(hash)
  try {
    return schema.parse(JSON.parse(new TextDecoder().decode(bytes)))
  } catch (cause) {
    throw new BaseError('MANIFEST_INVALID', { facts: { hash }, cause })
  }
}
