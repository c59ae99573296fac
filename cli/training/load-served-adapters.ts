import type { Logger } from 'pino'
import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import { trainingRunManifest } from '../../engine/epoch/manifest-schemas.ts'
import { readJsonArtifact } from '../../engine/epoch/read-json-artifact.ts'
import type { ModelDirectory } from '../../gateway/model-directory.ts'
import { isErrorWithCode } from '../../schema/errors.ts'
import { loadAdapter } from './load-adapter.ts'

/**
 * Loads the newest version of every published model into a GPU server, which forgets them when it
 * stops.
 *
 * A model whose files are missing or damaged is left out with a warning.
 *
 * @returns names of the loaded adapters
 */
export async function loadServedAdapters(options: {
  models: Pick<ModelDirectory, 'list'>
  artifacts: ArtifactStore
  adaptersDir: string
  gpuUrl: string
  logger: Pick<Logger, 'warn'>
}): Promise<readonly string[]> {
  const { models, artifacts, adaptersDir, gpuUrl, logger } = options
  const loaded: string[] = []
  for (const { name: model, version, artefactHash } of models.list()) {
    const name = `${model}@${version}`
    try {
      const manifest = await readJsonArtifact(artifacts, artefactHash, trainingRunManifest)
      await loadAdapter({ artifacts, adaptersDir, gpuUrl, name, manifest })
      loaded.push(name)
    } catch (error) {
      if (!isErrorWithCode(error)) throw error
      logger.warn({ adapter: name, code: error.code }, 'adapter not loaded')
    }
  }
  return loaded
}
