import type pg from 'pg'
import type { AppendResult, Expectation } from './stored-event.ts'
import type { StreamStates } from './stream-states.ts'

export interface RemoveRequest {
  readonly stream: string
  readonly expected: Expectation
  readonly tombstone: boolean
}

/**
 * Hides the events of a stream from reads of that stream. Nothing is erased: the whole log still
 * shows them, as EventStoreDB does before a scavenge.
 */
export async function removeStream(
  { stream, expected, tombstone }: RemoveRequest,
  context: { client: pg.Client; schema: string; states: StreamStates; head: number },
): Promise<AppendResult> {
  const { client, schema, states, head } = context
  await states.load(client, [stream])
  const known = states.get(stream)
  if (known?.tombstoned) return { kind: 'deleted' }
  const current = known === undefined || known.first > known.head ? -1 : known.head
  const met =
    expected.kind === 'any' ||
    (expected.kind === 'exists' && current >= 0) ||
    (expected.kind === 'none' && current < 0) ||
    (expected.kind === 'at' && expected.revision === current)
  if (!met) return { kind: 'conflict', current }

  const state = known ?? states.start(stream)
  state.first = state.head + 1
  state.tombstoned = tombstone
  await client.query(
    `INSERT INTO ${schema}.stream (id, name, first_revision, tombstoned) VALUES ($1, $2, $3, $4)
     ON CONFLICT (id) DO UPDATE SET first_revision = $3, tombstoned = $4`,
    [state.id, stream, state.first, tombstone],
  )
  return { kind: 'appended', revision: current, position: head }
}
