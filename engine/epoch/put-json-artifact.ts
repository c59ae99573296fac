import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import { canonicalJson, type Json } from '../../schema/codec/canonical-json.ts'
import type { Hex } from '../../schema/events/event.ts'

/** Stores a value as canonical JSON and returns its address. */
export const putJsonArtifact = (artifacts: ArtifactStore, value: object): Promise<Hex> =>
  artifacts.put(new TextEncoder().encode(canonicalJson(value as Json)))
