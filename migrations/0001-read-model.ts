import type { MigrationInterface, QueryRunner } from 'typeorm'

const place = `
  block_number bigint NOT NULL,
  block_hash text NOT NULL,
  tx_hash text NOT NULL,
  log_index bigint NOT NULL,
  timestamp bigint NOT NULL`

/** Columns of each table whose rows are facts of the chain; a reverted block deletes its rows. */
const facts: Readonly<Record<string, string>> = {
  datanet: `id numeric(78,0) PRIMARY KEY, owner text NOT NULL, meta_hash text NOT NULL,
    uri text NOT NULL, licence bigint NOT NULL`,
  contribution: `id numeric(78,0) PRIMARY KEY, datanet_id numeric(78,0) NOT NULL,
    contributor text NOT NULL, root text NOT NULL, rows bigint NOT NULL,
    byte_size numeric(78,0) NOT NULL, data_hash text NOT NULL,
    status text NOT NULL DEFAULT 'submitted', decided_by text, reason_code bigint,
    decided_block bigint`,
  contribution_decision: `id uuid PRIMARY KEY, contribution_id numeric(78,0) NOT NULL,
    status text NOT NULL, decided_by text NOT NULL, reason_code bigint`,
  model: `id numeric(78,0) PRIMARY KEY, owner text NOT NULL, name text NOT NULL,
    base_model_hash text NOT NULL, datanet_ids numeric(78,0)[] NOT NULL`,
  training_run: `id numeric(78,0) PRIMARY KEY, model_id numeric(78,0) NOT NULL,
    trainer text NOT NULL, dataset_root text NOT NULL, config_hash text NOT NULL,
    data_order_hash text NOT NULL, artefact_hash text NOT NULL`,
  model_version: `id text PRIMARY KEY, model_id numeric(78,0) NOT NULL, version bigint NOT NULL,
    run_id numeric(78,0) NOT NULL, artefact_hash text NOT NULL`,
  terms: `id text PRIMARY KEY, model_id numeric(78,0) NOT NULL, version bigint NOT NULL,
    price_per_1k_in numeric(78,0) NOT NULL, price_per_1k_out numeric(78,0) NOT NULL,
    platform_bps bigint NOT NULL, owner_bps bigint NOT NULL, stakers_bps bigint NOT NULL,
    contributors_bps bigint NOT NULL, retrieval_bps bigint NOT NULL, valid_from bigint NOT NULL`,
  escrow_entry: `id uuid PRIMARY KEY, kind text NOT NULL, payer text NOT NULL,
    operator text NOT NULL, amount numeric(78,0) NOT NULL, cumulative numeric(78,0),
    batch_id numeric(78,0), calls bigint, thaw_end bigint`,
  codec: `id bigint PRIMARY KEY, spec_hash text NOT NULL`,
  batch: `id numeric(78,0) PRIMARY KEY, operator text NOT NULL, codec bigint NOT NULL,
    calls bigint NOT NULL, digest text NOT NULL, data_hash text NOT NULL`,
  inference: `id text PRIMARY KEY, batch_id numeric(78,0) NOT NULL, index bigint NOT NULL,
    operator text NOT NULL, payer text NOT NULL, model_id numeric(78,0) NOT NULL,
    model_version bigint NOT NULL, terms_version bigint NOT NULL, fee numeric(78,0) NOT NULL,
    tokens_in bigint NOT NULL, tokens_out bigint NOT NULL, called_at bigint NOT NULL,
    request_hash text NOT NULL, output_hash text NOT NULL`,
  lane_skip: `id uuid PRIMARY KEY, batch_id numeric(78,0) NOT NULL, lane bigint NOT NULL,
    payer text NOT NULL, model_id numeric(78,0) NOT NULL, terms_version bigint NOT NULL,
    reason bigint NOT NULL`,
  epoch_proposal: `id uuid PRIMARY KEY, epoch numeric(78,0) NOT NULL, root text NOT NULL,
    total_earned numeric(78,0) NOT NULL, manifest_hash text NOT NULL, from_block bigint NOT NULL,
    to_block bigint NOT NULL, to_block_hash text NOT NULL, engine_hash text NOT NULL,
    activates_at bigint NOT NULL`,
  epoch_decision: `id uuid PRIMARY KEY, epoch numeric(78,0) NOT NULL, status text NOT NULL,
    reason_code bigint`,
  claim: `id uuid PRIMARY KEY, account text NOT NULL, recipient text NOT NULL,
    amount numeric(78,0) NOT NULL, cumulative numeric(78,0) NOT NULL, epoch numeric(78,0) NOT NULL`,
  recipient_change: `id uuid PRIMARY KEY, account text NOT NULL, recipient text NOT NULL`,
  funding: `id uuid PRIMARY KEY, funder text NOT NULL, amount numeric(78,0) NOT NULL,
    funded_cumulative numeric(78,0) NOT NULL`,
  undecodable_log: `id uuid PRIMARY KEY, address text NOT NULL, topics text[] NOT NULL,
    data text NOT NULL, why text NOT NULL`,
}

/** Tables that are folded from facts, or written by the engine. */
const others: Readonly<Record<string, string>> = {
  escrow_account: `payer text NOT NULL, operator text NOT NULL, deposited numeric(78,0) NOT NULL,
    withdrawn numeric(78,0) NOT NULL, charged numeric(78,0) NOT NULL,
    thawing numeric(78,0) NOT NULL, thaw_end bigint, block_number bigint NOT NULL,
    block_hash text NOT NULL, PRIMARY KEY (payer, operator)`,
  reward_account: `account text PRIMARY KEY, claimed numeric(78,0) NOT NULL,
    recipient text NOT NULL, block_number bigint NOT NULL, block_hash text NOT NULL`,
  attribution: `call_id text PRIMARY KEY, model_id numeric(78,0) NOT NULL, version bigint NOT NULL,
    epoch numeric(78,0) NOT NULL, query_hash text NOT NULL, rule text NOT NULL,
    engine_hash text NOT NULL`,
  attribution_row: `call_id text NOT NULL, row_id text NOT NULL, rank bigint NOT NULL,
    contributor text NOT NULL, cluster bigint NOT NULL, score_q16 bigint NOT NULL,
    z_milli bigint NOT NULL, PRIMARY KEY (call_id, row_id)`,
  attribution_share: `call_id text NOT NULL, account text NOT NULL, role text NOT NULL,
    amount numeric(78,0) NOT NULL, epoch numeric(78,0) NOT NULL,
    PRIMARY KEY (call_id, account, role)`,
  epoch_closing: `epoch numeric(78,0) PRIMARY KEY, root text NOT NULL,
    total_earned numeric(78,0) NOT NULL, manifest_hash text NOT NULL, from_block bigint NOT NULL,
    to_block bigint NOT NULL, to_block_hash text NOT NULL, engine_hash text NOT NULL,
    calls bigint NOT NULL, leaves bigint NOT NULL`,
  epoch_leaf: `epoch numeric(78,0) NOT NULL, account text NOT NULL,
    cumulative numeric(78,0) NOT NULL, PRIMARY KEY (epoch, account)`,
  epoch: `id numeric(78,0) PRIMARY KEY, status text NOT NULL, root text NOT NULL,
    total_earned numeric(78,0) NOT NULL, manifest_hash text NOT NULL, from_block bigint NOT NULL,
    to_block bigint NOT NULL, to_block_hash text NOT NULL, engine_hash text NOT NULL,
    calls bigint, leaves bigint, activates_at bigint, reason_code bigint, block_number bigint,
    block_hash text`,
  chain_head: `chain_id bigint PRIMARY KEY, indexed_height bigint NOT NULL,
    indexed_hash text NOT NULL, finalized_height bigint NOT NULL, finalized_hash text NOT NULL,
    timestamp bigint`,
  projection_checkpoint: `name text PRIMARY KEY, position numeric(20,0) NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()`,
}

/** Columns that pages are filtered by; the order of a page follows them in the index. */
const pageFilters: Readonly<Record<string, readonly string[]>> = {
  contribution: ['datanet_id', 'contributor'],
  training_run: ['model_id'],
  model_version: ['model_id'],
  terms: ['model_id'],
  escrow_entry: ['payer, operator'],
  inference: ['model_id, model_version', 'payer', 'batch_id'],
  lane_skip: ['batch_id'],
  claim: ['account'],
}

const otherIndexes = [
  'CREATE INDEX model_name ON model (name)',
  'CREATE INDEX contribution_decision_of ON contribution_decision (contribution_id)',
  'CREATE INDEX escrow_entry_last ON escrow_entry (payer, operator, kind, block_number DESC, log_index DESC)',
  'CREATE INDEX epoch_proposal_of ON epoch_proposal (epoch)',
  'CREATE INDEX epoch_decision_of ON epoch_decision (epoch)',
  'CREATE INDEX recipient_change_of ON recipient_change (account)',
  'CREATE INDEX attribution_epoch ON attribution (epoch)',
  'CREATE INDEX attribution_row_row ON attribution_row (row_id)',
  'CREATE INDEX attribution_row_contributor ON attribution_row (contributor)',
  'CREATE INDEX attribution_share_account ON attribution_share (account, epoch)',
  'CREATE INDEX epoch_leaf_account ON epoch_leaf (account, epoch)',
]

/** Creates every table of the read model. */
export class ReadModel implements MigrationInterface {
  readonly name = 'ReadModel1700000000001'

  async up(runner: QueryRunner): Promise<void> {
    for (const [table, columns] of Object.entries(facts)) {
      await runner.query(`CREATE TABLE ${table} (${columns}, ${place})`)
      // A keyset page needs the same order in the index, `id DESC` included, or it sorts the table.
      const order = 'block_number DESC, log_index DESC, id DESC'
      await runner.query(`CREATE INDEX ${table}_page ON ${table} (${order})`)
      for (const filter of pageFilters[table] ?? []) {
        const name = `${table}_by_${filter.replaceAll(', ', '_')}`
        await runner.query(`CREATE INDEX ${name} ON ${table} (${filter}, ${order})`)
      }
    }
    for (const [table, columns] of Object.entries(others))
      await runner.query(`CREATE TABLE ${table} (${columns})`)
    for (const index of otherIndexes) await runner.query(index)
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [...Object.keys(facts), ...Object.keys(others)])
      await runner.query(`DROP TABLE ${table}`)
  }
}
