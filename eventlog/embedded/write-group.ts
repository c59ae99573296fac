import type pg from 'pg'
import { findRevisions, positionOf } from './find-repeats.ts'
import { insertEvents, type NewStream } from './insert-events.ts'
import { planAppend } from './plan-append.ts'
import type { AppendRequest, AppendResult, StoredEvent } from './stored-event.ts'
import type { StreamStates } from './stream-states.ts'

export interface WrittenGroup {
  /** One result per request, in order; shorter than the requests if the rest has to wait. */
  readonly results: readonly AppendResult[]
  readonly events: readonly StoredEvent[]
}

export interface GroupWriter {
  readonly client: pg.Client
  readonly schema: string
  readonly states: StreamStates
  /** Position of the last event of the log. */
  readonly head: number
  readonly now: number
}

/**
 * Decides a group of appends in order and commits everything they write in one transaction.
 *
 * Changes `states` before the commit: clear them if this rejects.
 */
export async function writeGroup(
  requests: readonly AppendRequest[],
  { client, schema, states, head, now }: GroupWriter,
): Promise<WrittenGroup> {
  await states.load(client, [...new Set(requests.map((request) => request.stream))])
  const known = await findRevisions(client, schema, loose(requests, states))
  const touched = new Set<string>()
  const touchedIds = new Set<string>()
  const started: NewStream[] = []
  const events: (StoredEvent & { streamId: number })[] = []
  const results: AppendResult[] = []

  for (const request of requests) {
    const { stream } = request
    const state = states.get(stream)
    const plan = await planAppend(request, {
      client,
      schema,
      state,
      touched: touched.has(stream),
      idTouched: state !== undefined && touchedIds.has(`${state.id} ${request.events[0]?.id}`),
      firstIdAt: state && known.get(`${state.id} ${request.events[0]?.id}`),
      now,
    })
    if (plan.kind === 'later') break
    if (plan.kind === 'repeat') {
      const position = await positionOf(client, schema, states.get(stream)!, plan.revision)
      results.push({ kind: 'appended', revision: plan.revision, position })
      continue
    }
    if (plan.kind !== 'write') {
      results.push(plan)
      continue
    }
    const target = state ?? states.start(stream)
    if (state === undefined) started.push({ id: target.id, name: stream })
    touched.add(stream)
    for (const event of request.events) {
      touchedIds.add(`${target.id} ${event.id}`)
      events.push({
        ...event,
        stream,
        streamId: target.id,
        revision: ++target.head,
        position: head + events.length + 1,
        created: now,
      })
    }
    results.push({ kind: 'appended', revision: target.head, position: head + events.length })
  }

  if (events.length > 0) await insertEvents(client, schema, started, events)
  return { results, events }
}

function loose(requests: readonly AppendRequest[], states: StreamStates) {
  return requests.flatMap((request) => {
    const state = states.get(request.stream)
    const first = request.events[0]
    const exact = request.expected.kind === 'at' || request.expected.kind === 'none'
    return state === undefined || first === undefined || exact
      ? []
      : [{ streamId: state.id, id: first.id }]
  })
}
