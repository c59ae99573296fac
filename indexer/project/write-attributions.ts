import type { QueryRunner } from 'typeorm'
import type { EpochClosed, InferenceAttributed } from '../../schema/events/attribution.ts'
import { insertRows } from './insert-rows.ts'
import type { TableRow } from './table-row.ts'

/** Replaces what is known of the given calls; the last event of a call counts. */
export async function writeAttributions(
  runner: QueryRunner,
  events: readonly InferenceAttributed[],
): Promise<void> {
  const last = new Map(events.map((event) => [event.data.callId, event]))
  if (last.size === 0) return
  for (const table of ['attribution', 'attribution_row', 'attribution_share'])
    await runner.query(`DELETE FROM ${table} WHERE call_id = ANY($1)`, [[...last.keys()]])
  await insertRows(runner, [...last.values()].flatMap(rowsOfAttribution))
}

/** Replaces what is known of the given epochs; the last event of an epoch counts. */
export async function writeClosings(
  runner: QueryRunner,
  events: readonly EpochClosed[],
): Promise<void> {
  const last = new Map(events.map((event) => [event.data.epoch, event]))
  if (last.size === 0) return
  for (const table of ['epoch_closing', 'epoch_leaf'])
    await runner.query(`DELETE FROM ${table} WHERE epoch = ANY($1::numeric[])`, [[...last.keys()]])
  await insertRows(runner, [...last.values()].flatMap(rowsOfClosing))
}

function rowsOfAttribution({ data, metadata }: InferenceAttributed): readonly TableRow[] {
  const { callId, epoch } = data
  const amounts = new Map<string, { account: string; role: string; amount: bigint }>()
  for (const { account, role, amount } of data.shares) {
    const key = `${account} ${role}`
    const sum = (amounts.get(key)?.amount ?? 0n) + BigInt(amount)
    amounts.set(key, { account, role, amount: sum })
  }
  return [
    {
      table: 'attribution',
      values: {
        call_id: callId,
        model_id: data.modelId,
        version: data.version,
        epoch,
        query_hash: data.queryHash,
        rule: data.rule,
        engine_hash: metadata.engineHash,
      },
    },
    ...data.rows.map((row, rank) => ({
      table: 'attribution_row',
      values: {
        call_id: callId,
        row_id: row.rowId,
        rank,
        contributor: row.contributor,
        cluster: row.cluster,
        score_q16: row.scoreQ16,
        z_milli: row.zMilli,
      },
    })),
    ...[...amounts.values()].map(({ account, role, amount }) => ({
      table: 'attribution_share',
      values: { call_id: callId, account, role, amount: amount.toString(), epoch },
    })),
  ]
}

function rowsOfClosing({ data, metadata }: EpochClosed): readonly TableRow[] {
  const { epoch } = data
  return [
    {
      table: 'epoch_closing',
      values: {
        epoch,
        root: data.root,
        total_earned: data.totalEarned,
        manifest_hash: data.manifestHash,
        from_block: data.fromBlock,
        to_block: data.toBlock,
        to_block_hash: data.toBlockHash,
        engine_hash: metadata.engineHash,
        calls: data.calls,
        leaves: data.leaves,
      },
    },
    ...data.balances.map(({ account, cumulative }) => ({
      table: 'epoch_leaf',
      values: { epoch, account, cumulative },
    })),
  ]
}
