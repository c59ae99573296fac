import { expect, test } from 'vitest'
import { epochManifest } from './epoch/manifest-schemas.ts'
import { readJsonArtifact } from './epoch/read-json-artifact.ts'
import { tinyEngine } from './testing/tiny-engine.fixture.ts'
import { tinyCalls, tinyUploads } from './testing/tiny-uploads.fixture.ts'
import { tinyWorld } from './testing/tiny-world.fixture.ts'

test('closes', async () => {
  let t = performance.now()
  const lap = (s: string) => { console.log(s, Math.round(performance.now() - t)); t = performance.now() }
  await using world = await tinyWorld(tinyUploads)
  lap('world')
  await world.recordCalls(tinyCalls())
  await using engine = tinyEngine(world)
  const result = await engine.closeEpoch({ onProgress: (p) => console.log(JSON.stringify(p)) })
  lap('close')
  expect(result.status).toBe('closed')
  if (result.status !== 'closed') return
  const manifest = await readJsonArtifact(world.artifacts, result.epoch.manifestHash, epochManifest)
  console.log(JSON.stringify(manifest.calls.slice(0,2), null, 1), manifest.leaves)
  console.log(manifest.calls.map((c) => c.rule + ' ' + c.rows.map((r) => r.rowId + ':' + r.zMilli).join()))
  lap('x')
  const report = await engine.audit(result.epoch.manifestHash, { deep: true })
  console.log(JSON.stringify(report, null, 1))
  lap('audit')
}, 60000)
