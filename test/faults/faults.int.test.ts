import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkWorld } from './check/check-world.ts'
import { waitForAgreement } from './check/wait-for-agreement.ts'
import { kinds } from './plan/kinds.ts'
import { planScenario } from './plan/plan-scenario.ts'
import { type Lane, openLane } from './world/lane.ts'
import { openWorld } from './world/open-world.ts'
import { runScenario } from './world/run-scenario.ts'

const seed = 1
const selection = [
  ...['kill-indexer', 'kill-event-log', 'kill-postgres', 'bad-provider', 'answers-out-of-order'],
  ...['reorg-deep', 'reorg-in-catch-up', 'process-clock', 'disk-full', 'three-faults'],
]
const signal = new AbortController().signal

let lane: Lane

beforeAll(() => {
  lane = openLane()
})

afterAll(() => lane[Symbol.asyncDispose]())

test.each(selection)(
  'chain, log and tables agree after a scenario of the kind %s',
  async (name) => {
    const id = kinds.findIndex((kind) => kind.name === name)
    const { difference, lines, outcome } = await runScenario(lane, planScenario(seed, id), signal)
    if (outcome === 'skipped') return void process.stderr.write(`SKIPPED ${name}: ${difference}\n`)
    expect(`${difference ?? ''}\n${lines?.join('\n') ?? ''}`.trim()).toBe('')
    expect(outcome).toBe('passed')
  },
  120_000,
)

test('what is lost, doubled or altered in log or tables is found', async () => {
  const plan = planScenario(seed, 1)
  const setup = { ...plan.setup, history: { blocks: 20, spread: 1, events: 5 } }
  await using world = await openWorld(lane, { ...plan, id: 9999, setup }, signal)
  expect((await waitForAgreement(world, 30_000)).differences).toEqual([])
  const database = new pg.Client({ connectionString: world.databaseUrl })
  await database.connect()
  try {
    const tampered = async (sql: string) => {
      await database.query('BEGIN')
      expect((await database.query(sql)).rowCount).toBeGreaterThan(0)
      const { differences } = await checkWorld(world, database)
      await database.query('ROLLBACK')
      return differences.join('\n')
    }
    const last = `(SELECT max(position) FROM eventlog.event WHERE type = 'InferenceRecorded')`
    const columns = 'stream_id, id, type, content_type, data, metadata, created'
    expect(await tampered(`DELETE FROM eventlog.event WHERE position = ${last}`)).toMatch(
      /position \d+ is the[\s\S]*the log lacks InferenceRecorded/,
    )
    expect(
      await tampered(`INSERT INTO eventlog.event (position, revision, ${columns})
        SELECT (SELECT max(position) + 1 FROM eventlog.event),
          (SELECT max(revision) + 1 FROM eventlog.event), ${columns}
        FROM eventlog.event WHERE position = ${last}`),
    ).toMatch(/is live twice[\s\S]*the chain lacks InferenceRecorded/)
    expect(
      await tampered(`UPDATE eventlog.event SET data = convert_to(jsonb_set(
        convert_from(data, 'UTF8')::jsonb, '{fee}', '"7"')::text, 'UTF8') WHERE position = ${last}`),
    ).toContain('the log says otherwise (fee)')

    const row = '(SELECT max(id) FROM inference)'
    expect(await tampered(`DELETE FROM inference WHERE id = ${row}`)).toContain('the tables lack')
    expect(await tampered(`UPDATE inference SET fee = fee + 1 WHERE id = ${row}`)).toContain(
      'the tables say otherwise (fee)',
    )
    expect(
      await tampered(`INSERT INTO inference
        SELECT (jsonb_populate_record(t, '{"id": "0x01"}')).* FROM inference AS t
        WHERE id = ${row}`),
    ).toContain('the chain lacks inference')
    expect(await tampered(`UPDATE chain_head SET finalized_hash = '0x'`)).toContain('final block')
    expect(await tampered('UPDATE escrow_account SET deposited = deposited + 1')).toContain(
      'total of deposited',
    )
    expect(
      await tampered(`INSERT INTO dead_letter (event_id, position, stream, revision, type, sqlstate,
        message) VALUES (gen_random_uuid(), 1, 's', 1, 'Lost', '22001', 'too long')`),
    ).toContain('the tables refused Lost')
  } finally {
    await database.end()
  }
})
