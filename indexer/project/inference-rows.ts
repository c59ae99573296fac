import { BaseError } from '../../schema/errors.ts'
import type { UndecodableLog } from '../../schema/events/chain.ts'
import type { ChainFact } from '../../schema/events/chain-event.ts'
import type { EpochEvent } from '../../schema/events/epoch.ts'
import type { InferenceEvent } from '../../schema/events/inference.ts'
import { factRow, type TableRow } from './table-row.ts'

/** Rows of a fact of the ledger, of an epoch on chain, or of a log nobody understands. */
export function inferenceRow(
  fact: InferenceEvent | EpochEvent | UndecodableLog,
  id: string,
): TableRow {
  const { metadata } = fact
  switch (fact.type) {
    case 'CodecRegistered':
      return factRow('codec', metadata, { id: fact.data.codec, spec_hash: fact.data.specHash })
    case 'BatchCommitted': {
      const { batchId, operator, codec, calls, digest, dataHash } = fact.data
      const values = { id: batchId, operator, codec, calls, digest, data_hash: dataHash }
      return factRow('batch', metadata, values)
    }
    case 'InferenceRecorded':
      return factRow('inference', metadata, {
        id: fact.data.callId,
        batch_id: fact.data.batchId,
        index: fact.data.index,
        operator: fact.data.operator,
        payer: fact.data.payer,
        model_id: fact.data.modelId,
        model_version: fact.data.modelVersion,
        terms_version: fact.data.termsVersion,
        fee: fact.data.fee,
        tokens_in: fact.data.tokensIn,
        tokens_out: fact.data.tokensOut,
        called_at: fact.data.calledAt,
        request_hash: fact.data.requestHash,
        output_hash: fact.data.outputHash,
      })
    case 'BatchLaneSkipped':
      return factRow('lane_skip', metadata, {
        id,
        batch_id: fact.data.batchId,
        lane: fact.data.lane,
        payer: fact.data.payer,
        model_id: fact.data.modelId,
        terms_version: fact.data.termsVersion,
        reason: fact.data.reason,
      })
    case 'EpochProposed':
      return factRow('epoch_proposal', metadata, {
        id,
        epoch: fact.data.epoch,
        root: fact.data.root,
        total_earned: fact.data.totalEarned,
        manifest_hash: fact.data.dataHash,
        from_block: fact.data.fromBlock,
        to_block: fact.data.toBlock,
        to_block_hash: fact.data.toBlockHash,
        engine_hash: fact.data.engineHash,
        activates_at: fact.data.activatesAt,
        poster: fact.data.poster,
        previous_epoch: fact.data.previousEpoch,
        accounts: fact.data.accounts,
        credits_root: fact.data.creditsRoot,
        credits: fact.data.credits,
        calls_root: fact.data.callsRoot,
        calls: fact.data.calls,
      })
    case 'EpochRejected':
    case 'EpochActivated':
      return factRow('epoch_decision', metadata, {
        id,
        epoch: fact.data.epoch,
        status: fact.type === 'EpochActivated' ? 'active' : 'rejected',
        reason_code: fact.type === 'EpochRejected' ? fact.data.reasonCode : null,
      })
    case 'UndecodableLog': {
      const { address, topics, data, why } = fact.data
      return factRow('undecodable_log', metadata, { id, address, topics, data, why })
    }
    default:
      throw new BaseError('EVENT_LOG_CORRUPT', {
        facts: { id, type: (fact satisfies never as ChainFact).type, expected: 'a known type' },
      })
  }
}
