import type { LdsMeasurement } from '../../schema/entities/lds-measurement.ts'
import type { Model } from '../../schema/entities/model.ts'
import type { ModelVersion } from '../../schema/entities/model-version.ts'
import type { TrainingRun } from '../../schema/entities/training-run.ts'
import type { ApiContext } from '../context.ts'
import { provenance } from './provenance.ts'

export const modelResolvers = {
  datanets: (model: Model, _: unknown, { loaders }: ApiContext) =>
    loaders.datanet.loadMany(model.datanetIds.map(String)),
  versions: (model: Model, _: unknown, { loaders }: ApiContext) =>
    loaders.versionsOfModel.load(model.id),
  trainingRuns: (model: Model, _: unknown, { loaders }: ApiContext) =>
    loaders.runsOfModel.load(model.id),
  terms: (model: Model, _: unknown, { loaders }: ApiContext) => loaders.termsOfModel.load(model.id),
  provenance,
}

export const modelVersionResolvers = {
  model: (version: ModelVersion, _: unknown, { loaders }: ApiContext) =>
    loaders.model.load(version.modelId),
  trainingRun: (version: ModelVersion, _: unknown, { loaders }: ApiContext) =>
    loaders.trainingRun.load(version.runId),
  provenance,
}

export const trainingRunResolvers = {
  lds: (run: TrainingRun, _: unknown, { loaders }: ApiContext) => loaders.ldsOfRun.load(run.id),
  provenance,
}

export const ldsMeasurementResolvers = {
  lds: ({ ldsMicros }: LdsMeasurement) => ldsMicros / 1_000_000,
  provenance,
}
