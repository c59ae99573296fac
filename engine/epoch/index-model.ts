import type { Decimal } from '../../schema/events/event.ts'
import { attributionStream } from '../../schema/events/streams.ts'
import type { ChainState } from '../state/chain-state.ts'
import { checkBaseModel } from './check-base-model.ts'
import type { EngineContext } from './engine-context.ts'
import { type EngineStream, openEngineStream } from './engine-stream.ts'
import type { GradientStore } from './gradient-store.ts'
import { loadTrainingSet, type TrainingSet } from './load-training-set.ts'
import { openGradientStore } from './open-gradient-store.ts'

/** A model version ready to score calls. */
export interface IndexedModel {
  readonly stream: EngineStream
  readonly trainingSet: TrainingSet
  readonly store: GradientStore
}

/**
 * Opens the gradient store of a model version, computing what it lacks.
 *
 * Closing an epoch does it too; doing it when the version is published makes the close short.
 */
export async function indexModel(
  context: EngineContext,
  state: ChainState,
  model: { readonly modelId: Decimal; readonly version: number },
): Promise<IndexedModel> {
  const { modelId, version } = model
  const stream = await openEngineStream(
    context.eventLog,
    attributionStream(context.chainId, modelId, version),
  )
  const trainingSet = await loadTrainingSet(state, context.artifacts, modelId, version)
  await checkBaseModel(context.baseModelDir, trainingSet.manifest.baseModelHash)
  return { stream, trainingSet, store: await openGradientStore(context, stream, trainingSet) }
}
