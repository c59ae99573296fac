import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import { BaseError } from '../../schema/errors.ts'
import type { TrainingRunManifest } from '../../schema/manifests/training-run.ts'

/**
 * Writes a released adapter as a PEFT directory and tells the GPU server to serve it.
 *
 * The files come from the artifact store by the hashes of the release, so what was trained is what
 * is served.
 */
export async function loadAdapter(options: {
  artifacts: ArtifactStore
  adaptersDir: string
  gpuUrl: string
  name: string
  manifest: TrainingRunManifest
}): Promise<void> {
  const dir = join(options.adaptersDir, options.name)
  await mkdir(dir, { recursive: true })
  for (const [file, hash] of Object.entries(options.manifest.adapter))
    await writeFile(join(dir, file), await options.artifacts.get(hash))
  const url = `${options.gpuUrl}/v1/load_lora_adapter`
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ lora_name: options.name, lora_path: dir }),
  }).catch((cause: unknown) => {
    throw new BaseError('BACKEND_UNAVAILABLE', { facts: { url }, cause })
  })
  if (!response.ok)
    throw new BaseError('ADAPTER_INVALID', {
      facts: { adapter: options.name, status: response.status, answer: await response.text() },
    })
}
