import type { ChainFact } from './chain-fact.ts'

/** The table that holds the facts of a type, and the columns whose name is not the field's. */
export interface RowShape {
  readonly table: string
  readonly columns?: Readonly<Record<string, string>>
}

/** By type of fact. */
export const rowShapes: Readonly<Record<string, RowShape>> = {
  DatanetCreated: { table: 'datanet', columns: { datanetId: 'id' } },
  ContributionSubmitted: { table: 'contribution', columns: { contributionId: 'id' } },
  ContributionAccepted: { table: 'contribution_decision', columns: { by: 'decided_by' } },
  ContributionRejected: { table: 'contribution_decision', columns: { by: 'decided_by' } },
  ModelRegistered: { table: 'model', columns: { modelId: 'id' } },
  TrainingRunRecorded: { table: 'training_run', columns: { runId: 'id' } },
  TermsSet: { table: 'terms' },
  EscrowDeposited: { table: 'escrow_entry', columns: { depositedCumulative: 'cumulative' } },
  EscrowThawStarted: { table: 'escrow_entry' },
  EscrowWithdrawn: { table: 'escrow_entry', columns: { withdrawnCumulative: 'cumulative' } },
  EscrowPausedSet: { table: 'fact' },
  RewardsFunded: { table: 'funding', columns: { from: 'funder' } },
  RewardClaimed: { table: 'claim' },
  RecipientSet: { table: 'recipient_change' },
  BatchCommitted: { table: 'batch', columns: { batchId: 'id' } },
  InferenceRecorded: { table: 'inference', columns: { callId: 'id' } },
  BatchLaneSkipped: { table: 'lane_skip' },
  UndecodableLog: { table: 'undecodable_log' },
}

const snakeCase = (name: string) =>
  name
    .replace(/([a-z])([A-Z0-9])/g, '$1_$2')
    .replace(/(\d)([A-Z])/g, '$1_$2')
    .toLowerCase()

/** Values by column that a fact must have left in its table. */
export function expectRow({ type, data, height, blockHash, logIndex }: ChainFact): {
  readonly table: string
  readonly values: Readonly<Record<string, unknown>>
} {
  const shape = rowShapes[type]
  if (shape === undefined) throw new TypeError(`no table for ${type}`)
  const values = Object.entries(data).map(([field, value]) => [
    shape.columns?.[field] ?? snakeCase(field),
    value,
  ])
  return {
    table: shape.table,
    values: {
      ...Object.fromEntries(values),
      ...{ block_number: height, block_hash: blockHash, log_index: logIndex },
    },
  }
}
