import DataLoader from 'dataloader'
import { type DataSource, type EntityTarget, In, type ObjectLiteral } from 'typeorm'
import { Attribution } from '../schema/entities/attribution.ts'
import { AttributionRow } from '../schema/entities/attribution-row.ts'
import { AttributionShare } from '../schema/entities/attribution-share.ts'
import { Contribution } from '../schema/entities/contribution.ts'
import { Datanet } from '../schema/entities/datanet.ts'
import { DatanetState } from '../schema/entities/datanet-state.ts'
import { Dispute } from '../schema/entities/dispute.ts'
import { Epoch } from '../schema/entities/epoch.ts'
import { EpochFault } from '../schema/entities/epoch-fault.ts'
import { EpochProposal } from '../schema/entities/epoch-proposal.ts'
import { LdsMeasurement } from '../schema/entities/lds-measurement.ts'
import { Model } from '../schema/entities/model.ts'
import { ModelVersion } from '../schema/entities/model-version.ts'
import { Terms } from '../schema/entities/terms.ts'
import { TrainingRun } from '../schema/entities/training-run.ts'

/** Batches the to-one and to-many look-ups of one request into one query each. */
export type Loaders = ReturnType<typeof createLoaders>

export function createLoaders(source: DataSource) {
  return {
    datanet: byKey(source, Datanet, 'id'),
    contribution: byKey(source, Contribution, 'id'),
    model: byKey(source, Model, 'id'),
    modelVersion: byKey(source, ModelVersion, 'id'),
    trainingRun: byKey(source, TrainingRun, 'id'),
    terms: byKey(source, Terms, 'id'),
    datanetState: byKey(source, DatanetState, 'datanetId'),
    epoch: byKey(source, Epoch, 'id'),
    epochOfProposal: byKey(source, Epoch, 'proposalId'),
    epochProposal: byKey(source, EpochProposal, 'id'),
    faultsOfProposal: listByKey(source, EpochFault, 'epoch', { logIndex: 'ASC' }),
    disputesOfProposal: listByKey(source, Dispute, 'epoch', { id: 'ASC' }),
    ldsOfRun: listByKey(source, LdsMeasurement, 'runId', { blockNumber: 'ASC', logIndex: 'ASC' }),
    attribution: byKey(source, Attribution, 'callId'),
    versionsOfModel: listByKey(source, ModelVersion, 'modelId', { version: 'ASC' }),
    termsOfModel: listByKey(source, Terms, 'modelId', { version: 'ASC' }),
    runsOfModel: listByKey(source, TrainingRun, 'modelId', { id: 'ASC' }),
    rowsOfCall: listByKey(source, AttributionRow, 'callId', { rank: 'ASC' }),
    sharesOfCall: listByKey(source, AttributionShare, 'callId', {
      amount: 'DESC',
      account: 'ASC',
      role: 'ASC',
    }),
  }
}

function byKey<T extends ObjectLiteral>(
  source: DataSource,
  entity: EntityTarget<T>,
  key: keyof T & string,
): DataLoader<string, T | null> {
  return new DataLoader(async (keys) => {
    const rows = await source
      .getRepository(entity)
      .find({ where: { [key]: In([...keys]) } as never })
    const found = new Map(rows.map((row) => [String(row[key]), row]))
    return keys.map((value) => found.get(value) ?? null)
  })
}

function listByKey<T extends ObjectLiteral>(
  source: DataSource,
  entity: EntityTarget<T>,
  key: keyof T & string,
  order: Partial<Record<keyof T & string, 'ASC' | 'DESC'>>,
): DataLoader<string, T[]> {
  return new DataLoader(async (keys) => {
    const rows = await source
      .getRepository(entity)
      .find({ where: { [key]: In([...keys]) } as never, order: order as never })
    const groups = new Map<string, T[]>(keys.map((value) => [value, []]))
    for (const row of rows) groups.get(String(row[key]))?.push(row)
    return keys.map((value) => groups.get(value) ?? [])
  })
}
