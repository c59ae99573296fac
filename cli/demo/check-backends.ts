import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import { gpuJsScores } from '../../gpu/scores/gpu-js-scores.ts'
import { onnxScores } from '../../gpu/scores/onnx-scores.ts'
import { referenceScores } from '../../gpu/scores/reference-scores.ts'
import type { EpochManifest } from '../../schema/manifests/epoch.ts'
import type { CheckResult } from './check-list.ts'

/** Calls and rows that are scored by all backends; every score of the epoch is checked elsewhere. */
const sample = { calls: 8, rows: 512 }

/** Scores stored query rows against stored gradients on three backends, which must agree bit for bit. */
export async function checkBackends(
  artifacts: ArtifactStore,
  manifests: readonly EpochManifest[],
): Promise<CheckResult> {
  const [manifest] = manifests
  const store = manifest?.stores[0]
  const segment = store?.checkpoints[0]?.segments[0]
  if (manifest === undefined || store === undefined || segment === undefined)
    return { ok: false, detail: 'the first epoch has no gradient store' }
  const { width } = store
  const rowCount = Math.min(sample.rows, segment.rowCount)
  const rows = asCodes(await artifacts.get(segment.hash)).slice(0, rowCount * width)
  const calls = manifest.calls
    .filter(({ modelId, version }) => modelId === store.modelId && version === store.version)
    .slice(0, sample.calls)
  const queries = new Int8Array(calls.length * width)
  for (const [index, { queryHash }] of calls.entries()) {
    // The preconditioned rows follow the raw ones, one per checkpoint each.
    const codes = asCodes(await artifacts.get(queryHash))
    const first = store.checkpoints.length * width
    queries.set(codes.subarray(first, first + width), index * width)
  }
  const shape = { queryCount: calls.length, rowCount, width }
  const backends = [referenceScores(), await gpuJsScores({ mode: 'webasm' }), await onnxScores()]
  try {
    const results = []
    for (const backend of backends) results.push(await backend.score(queries, rows, shape))
    const [expected, ...others] = results.map((scores) => Buffer.from(scores.buffer))
    const ok = others.every((scores) => expected?.equals(scores) === true)
    return {
      ok,
      detail: `${backends.map(({ name }) => name).join(', ')} give ${ok ? 'the same' : 'DIFFERENT'} ${shape.queryCount * rowCount} int32 scores`,
    }
  } finally {
    for (const backend of backends) await backend.close()
  }
}

const asCodes = (bytes: Uint8Array): Int8Array =>
  new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
