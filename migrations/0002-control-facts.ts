import type { MigrationInterface, QueryRunner } from 'typeorm'

const order = 'block_number DESC, log_index DESC, id DESC'

const tables = [
  `CREATE TABLE fact (id uuid PRIMARY KEY, type text NOT NULL, accounts text[] NOT NULL,
    datanet_id numeric(78,0), contribution_id numeric(78,0), model_id numeric(78,0),
    epoch numeric(78,0), proposal_id numeric(78,0), data jsonb NOT NULL,
    block_number bigint NOT NULL, block_hash text NOT NULL, tx_hash text NOT NULL,
    log_index bigint NOT NULL, timestamp bigint NOT NULL)`,
  `CREATE INDEX fact_page ON fact (${order})`,
  `CREATE INDEX fact_by_type ON fact (type, ${order})`,
  `CREATE INDEX fact_by_accounts ON fact USING gin (accounts)`,
  ...['datanet_id', 'contribution_id', 'model_id', 'epoch', 'proposal_id'].map(
    (column) =>
      `CREATE INDEX fact_by_${column} ON fact (${column}, ${order}) WHERE ${column} IS NOT NULL`,
  ),
  `ALTER TABLE epoch_proposal ADD poster text NOT NULL, ADD previous_epoch numeric(78,0) NOT NULL,
    ADD accounts bigint NOT NULL, ADD credits_root text NOT NULL, ADD credits bigint NOT NULL,
    ADD calls_root text NOT NULL, ADD calls bigint NOT NULL`,
  // The engine numbers the epochs it closes, the chain numbers proposals; after a rejected one the
  // numbers differ, so an epoch finds its proposal by root and manifest.
  'DROP TABLE epoch',
  'CREATE INDEX epoch_proposal_manifest ON epoch_proposal (manifest_hash)',
]

const newest = 'ORDER BY block_number DESC, log_index DESC LIMIT 1'

/** The latest fact of a type about a row, as a lateral join. */
const latest = (alias: string, types: string, condition: string) => `LEFT JOIN LATERAL (
    SELECT * FROM fact WHERE type IN (${types}) AND ${condition} ${newest}
  ) AS ${alias} ON true`

/** What facts come to at the moment; views, so that a reverted block needs no repair. */
const views = {
  epoch_proposal_state: `SELECT p.*, coalesce(d.status, 'proposed') AS status, d.reason_code
    FROM epoch_proposal AS p LEFT JOIN LATERAL (
      SELECT * FROM epoch_decision WHERE epoch_decision.epoch = p.epoch ${newest}
    ) AS d ON true`,
  epoch: `SELECT c.epoch AS id, coalesce(p.status, 'closed') AS status, c.root, c.total_earned,
      c.manifest_hash, c.from_block, c.to_block, c.to_block_hash, c.engine_hash, c.calls, c.leaves,
      p.activates_at, p.reason_code, p.epoch AS proposal_id
    FROM epoch_closing AS c LEFT JOIN LATERAL (
      SELECT * FROM epoch_proposal_state AS state
      WHERE state.manifest_hash = c.manifest_hash AND state.root = c.root ${newest}
    ) AS p ON true`,
  datanet_state: `SELECT d.id AS datanet_id,
      coalesce(owner.data->>'newOwner', d.owner) AS owner,
      CASE WHEN status.data->>'newStatus' = '2' THEN 'closed' ELSE 'open' END AS status,
      CASE WHEN coalesce(updated.data->>'admission', configured.data->>'admission', '0') = '1'
        THEN 'approval' ELSE 'open' END AS admission,
      coalesce((configured.data->>'kind')::bigint, 0) AS kind,
      coalesce((updated.data->>'version')::bigint, 1) AS version,
      coalesce(updated.data->>'metaHash', d.meta_hash) AS meta_hash,
      coalesce(updated.data->>'uri', d.uri) AS uri
    FROM datanet AS d
    ${latest('owner', "'DatanetOwnerChanged'", 'fact.datanet_id = d.id')}
    ${latest('status', "'DatanetStatusChanged'", 'fact.datanet_id = d.id')}
    ${latest('updated', "'DatanetUpdated'", 'fact.datanet_id = d.id')}
    ${latest('configured', "'DatanetConfigured'", 'fact.datanet_id = d.id')}`,
  agent_stake: `SELECT agent.account,
      coalesce((newest.data->>'activeAfter')::numeric(78,0), 0) AS active,
      CASE WHEN thaw.type IN ('StakeThawStarted', 'StakeSlashed')
        THEN (thaw.data->>'thawingAfter')::numeric(78,0) ELSE 0 END AS thawing,
      (SELECT coalesce(sum((data->>'amount')::numeric(78,0)), 0) FROM fact
        WHERE type = 'StakeSlashed' AND data->>'agent' = agent.account) AS slashed
    FROM (SELECT DISTINCT data->>'agent' AS account FROM fact
      WHERE type IN ('Staked', 'StakeSlashed')) AS agent
    ${latest('newest', "'Staked', 'StakeThawStarted', 'StakeThawCancelled', 'StakeWithdrawn', 'StakeSlashed'", "fact.data->>'agent' = agent.account AND agent.account = ANY(fact.accounts)")}
    ${latest('thaw', "'StakeThawStarted', 'StakeThawCancelled', 'StakeWithdrawn', 'StakeSlashed'", "fact.data->>'agent' = agent.account AND agent.account = ANY(fact.accounts)")}`,
  session_key: `SELECT DISTINCT ON (data->>'payer', data->>'key')
      data->>'payer' AS payer, data->>'key' AS key, (data->>'validUntil')::bigint AS valid_until,
      (data->>'cap')::numeric(78,0) AS cap, (data->>'spent')::numeric(78,0) AS spent
    FROM fact WHERE type = 'SignerSet'
    ORDER BY data->>'payer', data->>'key', block_number DESC, log_index DESC`,
  epoch_fault: `SELECT id, epoch, (data->>'kind')::bigint AS kind, data->>'challenger' AS challenger,
      (data->>'slashed')::numeric(78,0) AS slashed, (data->>'reward')::numeric(78,0) AS reward,
      block_number, block_hash, tx_hash, log_index, timestamp
    FROM fact WHERE type = 'FaultProven'`,
  dispute: `SELECT (opened.data->>'disputeId')::numeric(78,0) AS id, opened.epoch,
      opened.data->>'challenger' AS challenger, (opened.data->>'bond')::numeric(78,0) AS bond,
      opened.data->>'evidenceHash' AS evidence_hash,
      (opened.data->>'commitEnd')::bigint AS commit_end,
      (opened.data->>'revealEnd')::bigint AS reveal_end,
      coalesce((voted.data->>'upholdVotes')::bigint, 0) AS uphold_votes,
      coalesce((voted.data->>'dismissVotes')::bigint, 0) AS dismiss_votes,
      (resolved.data->>'outcome')::bigint AS outcome,
      opened.block_number, opened.block_hash, opened.tx_hash, opened.log_index, opened.timestamp
    FROM fact AS opened
    ${latest('voted', "'VoteRevealed'", "fact.data->>'disputeId' = opened.data->>'disputeId'")}
    ${latest('resolved', "'DisputeResolved'", "fact.epoch = opened.epoch AND fact.data->>'disputeId' = opened.data->>'disputeId'")}
    WHERE opened.type = 'DisputeOpened'`,
  contributor_standing: `SELECT DISTINCT ON (datanet_id, data->>'contributor') datanet_id,
      data->>'contributor' AS contributor, (data->>'accepted')::bigint AS accepted,
      (data->>'rejected')::bigint AS rejected, (data->>'revoked')::bigint AS revoked,
      (data->>'penaltyPoints')::numeric(78,0) AS penalty_points
    FROM fact WHERE type = 'ContributorStandingChanged'
    ORDER BY datanet_id, data->>'contributor', block_number DESC, log_index DESC`,
  lds_measurement: `SELECT id, (data->>'runId')::numeric(78,0) AS run_id, model_id,
      data->>'by' AS measured_by, (data->>'ldsMicros')::bigint AS lds_micros,
      (data->>'queries')::bigint AS queries, data->>'reportHash' AS report_hash,
      (data->>'byTrainer')::boolean AS by_trainer,
      block_number, block_hash, tx_hash, log_index, timestamp
    FROM fact WHERE type = 'LdsRecorded'`,
}

/** Adds the table of facts that have no table of their own, and what they come to. */
export class ControlFacts implements MigrationInterface {
  readonly name = 'ControlFacts1700000000002'

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of tables) await runner.query(statement)
    for (const [view, query] of Object.entries(views))
      await runner.query(`CREATE VIEW ${view} AS ${query}`)
  }

  async down(): Promise<void> {
    throw new Error(
      'The table of epochs was replaced by a view; project into a new database instead.',
    )
  }
}
