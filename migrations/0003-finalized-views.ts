import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Tables whose rows never change once their block is final. */
const facts = [
  'datanet',
  'contribution_decision',
  'model',
  'training_run',
  'model_version',
  'terms',
  'escrow_entry',
  'codec',
  'batch',
  'inference',
  'lane_skip',
  'epoch_proposal',
  'epoch_decision',
  'claim',
  'recipient_change',
  'funding',
  'undecodable_log',
  'fact',
]

/** Null in an empty index, so that nothing is final. A scalar, so that it bounds the index of a page. */
const final = '(SELECT min(finalized_height) FROM chain_head)'

const newest = 'ORDER BY block_number DESC, log_index DESC LIMIT 1'

/** Rows with a status: only final decisions count. */
const decided = {
  finalized_contribution: `SELECT c.id, c.datanet_id, c.contributor, c.root, c.rows, c.byte_size,
      c.data_hash, coalesce(d.status, 'submitted') AS status, d.decided_by, d.reason_code,
      d.block_number AS decided_block, c.block_number, c.block_hash, c.tx_hash, c.log_index,
      c.timestamp
    FROM contribution AS c LEFT JOIN LATERAL (
      SELECT * FROM contribution_decision
      WHERE contribution_id = c.id AND block_number <= ${final} ${newest}
    ) AS d ON true
    WHERE c.block_number <= ${final}`,
  finalized_epoch_proposal_state: `SELECT p.*, coalesce(d.status, 'proposed') AS status,
      d.reason_code
    FROM epoch_proposal AS p LEFT JOIN LATERAL (
      SELECT * FROM epoch_decision
      WHERE epoch_decision.epoch = p.epoch AND block_number <= ${final} ${newest}
    ) AS d ON true
    WHERE p.block_number <= ${final}`,
}

const deadLetter = `CREATE TABLE dead_letter (event_id uuid PRIMARY KEY,
  position numeric(20,0) NOT NULL, stream text NOT NULL, revision numeric(20,0) NOT NULL,
  type text NOT NULL, sqlstate text NOT NULL, message text NOT NULL, block_number bigint,
  block_hash text, created_at timestamptz NOT NULL DEFAULT now())`

/** Adds a view of the final rows of every table of facts, and the table of events without a row. */
export class FinalizedViews implements MigrationInterface {
  readonly name = 'FinalizedViews1700000000003'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(deadLetter)
    for (const table of facts)
      await runner.query(
        `CREATE VIEW finalized_${table} AS SELECT * FROM ${table} WHERE block_number <= ${final}`,
      )
    for (const [view, query] of Object.entries(decided))
      await runner.query(`CREATE VIEW ${view} AS ${query}`)
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const view of [...Object.keys(decided), ...facts.map((table) => `finalized_${table}`)])
      await runner.query(`DROP VIEW ${view}`)
    await runner.query('DROP TABLE dead_letter')
  }
}
