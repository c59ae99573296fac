import { modelRegistryAbi } from '../../contracts/abi/model-registry.ts'
import { modelControlEvents } from '../../schema/events/model-control.ts'
import { eventDecoders } from './event-decoders.ts'
import { ignore, logDecoder, on } from './log-decoder.ts'
import { lower } from './lower.ts'
import { meaningsOf } from './meanings-of.ts'
import { storableText } from './storable-text.ts'

const events = eventDecoders(modelRegistryAbi)

/** Facts of the model registry. */
export const decodeModelRegistry = logDecoder([
  on(events.ModelRegistered, (e) => ({
    type: 'ModelRegistered',
    data: {
      modelId: e.modelId.toString(),
      owner: lower(e.owner),
      name: storableText(e.name),
      baseModelHash: e.baseModelHash,
      datanetIds: e.datanetIds.map(String),
    },
  })),
  on(events.TrainingRunRecorded, (e) => ({
    type: 'TrainingRunRecorded',
    data: {
      runId: e.runId.toString(),
      modelId: e.modelId.toString(),
      trainer: lower(e.trainer),
      datasetRoot: e.datasetRoot,
      configHash: e.configHash,
      dataOrderHash: e.dataOrderHash,
      artefactHash: e.artefactHash,
    },
  })),
  on(events.ModelVersionPublished, (e) => ({
    type: 'ModelVersionPublished',
    data: {
      modelId: e.modelId.toString(),
      version: e.version,
      runId: e.runId.toString(),
      artefactHash: e.artefactHash,
    },
  })),
  on(events.TermsSet, (e) => ({
    type: 'TermsSet',
    data: {
      modelId: e.modelId.toString(),
      version: e.version,
      pricePer1kIn: e.pricePer1kIn.toString(),
      pricePer1kOut: e.pricePer1kOut.toString(),
      platformBps: e.platformBps,
      ownerBps: e.ownerBps,
      stakersBps: e.stakersBps,
      contributorsBps: e.contributorsBps,
      retrievalBps: e.retrievalBps,
      validFrom: e.validFrom.toString(),
    },
  })),
  ...meaningsOf(events, modelControlEvents, { ModelsPausedSet: 'PausedSet' }),
  ignore(events.AuthorityUpdated),
  ignore(events.Initialized),
  ignore(events.Upgraded),
])
