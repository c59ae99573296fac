import type { z } from 'zod'
import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'

/**
 * Reads a JSON artifact and checks its form.
 *
 * @throws MANIFEST_INVALID with the path of the first wrong field; ARTIFACT_MISSING,
 * ARTIFACT_CORRUPT.
 */
export async function readJsonArtifact<Value>(
  artifacts: ArtifactStore,
  hash: Hex,
  schema: z.ZodType<Value>,
): Promise<Value> {
  const bytes = await artifacts.get(hash)
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new BaseError('MANIFEST_INVALID', { facts: { hash, problem: 'not JSON' }, cause })
  }
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new BaseError('MANIFEST_INVALID', {
    facts: { hash, field: issue?.path.join('.'), problem: issue?.message },
    cause: parsed.error,
  })
}
