import type { DatanetEvent } from '../../schema/events/datanet.ts'
import type { ModelEvent } from '../../schema/events/model.ts'
import type { FoldedKeys } from './folded-keys.ts'
import { factRow, type TableRow } from './table-row.ts'

/** Rows of a fact of the Datanet or model registry. */
export function registryRow(
  fact: DatanetEvent | ModelEvent,
  id: string,
  keys: FoldedKeys,
): TableRow {
  const { metadata } = fact
  switch (fact.type) {
    case 'DatanetCreated': {
      const { datanetId, owner, metaHash, uri, licence } = fact.data
      const values = { id: datanetId, owner, meta_hash: metaHash, uri, licence }
      return factRow('datanet', metadata, values)
    }
    case 'ContributionSubmitted':
      return factRow('contribution', metadata, {
        id: fact.data.contributionId,
        datanet_id: fact.data.datanetId,
        contributor: fact.data.contributor,
        root: fact.data.root,
        rows: fact.data.rows,
        byte_size: fact.data.byteSize,
        data_hash: fact.data.dataHash,
        status: 'submitted',
      })
    case 'ContributionAccepted':
    case 'ContributionRejected':
      keys.contributions.add(fact.data.contributionId)
      return factRow('contribution_decision', metadata, {
        id,
        contribution_id: fact.data.contributionId,
        status: fact.type === 'ContributionAccepted' ? 'accepted' : 'rejected',
        decided_by: fact.data.by,
        reason_code: fact.type === 'ContributionRejected' ? fact.data.reasonCode : null,
      })
    case 'ModelRegistered':
      return factRow('model', metadata, {
        id: fact.data.modelId,
        owner: fact.data.owner,
        name: fact.data.name,
        base_model_hash: fact.data.baseModelHash,
        datanet_ids: fact.data.datanetIds,
      })
    case 'TrainingRunRecorded':
      return factRow('training_run', metadata, {
        id: fact.data.runId,
        model_id: fact.data.modelId,
        trainer: fact.data.trainer,
        dataset_root: fact.data.datasetRoot,
        config_hash: fact.data.configHash,
        data_order_hash: fact.data.dataOrderHash,
        artefact_hash: fact.data.artefactHash,
      })
    case 'ModelVersionPublished':
      return factRow('model_version', metadata, {
        id: `${fact.data.modelId}-${fact.data.version}`,
        model_id: fact.data.modelId,
        version: fact.data.version,
        run_id: fact.data.runId,
        artefact_hash: fact.data.artefactHash,
      })
    case 'TermsSet':
      return factRow('terms', metadata, {
        id: `${fact.data.modelId}-${fact.data.version}`,
        model_id: fact.data.modelId,
        version: fact.data.version,
        price_per_1k_in: fact.data.pricePer1kIn,
        price_per_1k_out: fact.data.pricePer1kOut,
        platform_bps: fact.data.platformBps,
        owner_bps: fact.data.ownerBps,
        stakers_bps: fact.data.stakersBps,
        contributors_bps: fact.data.contributorsBps,
        retrieval_bps: fact.data.retrievalBps,
        valid_from: fact.data.validFrom,
      })
    default:
      return fact satisfies never
  }
}
