import type { Attribution } from '../../schema/entities/attribution.ts'
import type { AttributionRow } from '../../schema/entities/attribution-row.ts'
import type { Inference } from '../../schema/entities/inference.ts'
import type { ApiContext } from '../context.ts'
import { provenance } from './provenance.ts'

export const inferenceResolvers = {
  model: (call: Inference, _: unknown, { loaders }: ApiContext) => loaders.model.load(call.modelId),
  modelVersion: (call: Inference, _: unknown, { loaders }: ApiContext) =>
    loaders.modelVersion.load(`${call.modelId}-${call.modelVersion}`),
  terms: (call: Inference, _: unknown, { loaders }: ApiContext) =>
    loaders.terms.load(`${call.modelId}-${call.termsVersion}`),
  attribution: (call: Inference, _: unknown, { loaders }: ApiContext) =>
    loaders.attribution.load(call.id),
  provenance,
}

export const attributionResolvers = {
  epoch: (attribution: Attribution, _: unknown, { loaders }: ApiContext) =>
    loaders.epoch.load(attribution.epoch),
  rows: (attribution: Attribution, _: unknown, { loaders }: ApiContext) =>
    loaders.rowsOfCall.load(attribution.callId),
  shares: (attribution: Attribution, _: unknown, { loaders }: ApiContext) =>
    loaders.sharesOfCall.load(attribution.callId),
}

export const creditedRowResolvers = {
  contribution: (row: AttributionRow, _: unknown, { loaders }: ApiContext) =>
    loaders.contribution.load(row.rowId.split(':')[0] ?? ''),
  contributor: (row: AttributionRow) => ({ account: row.contributor }),
  score: (row: AttributionRow) => row.scoreQ16 / 65_536,
  z: (row: AttributionRow) => row.zMilli / 1000,
}
