import type pg from 'pg'
import { findRevisions, positionOf } from './find-repeats.ts'
import { insertEvents } from './insert-events.ts'
import { createLogDraft } from './log-draft.ts'
import { planAppend } from './plan-append.ts'
import type { AppendRequest, AppendResult, StoredEvent } from './stored-event.ts'
import { isLimited, readLimits } from './stream-limits.ts'
import { isMetastream, metastreamOf, originalOf } from './stream-name.ts'
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
  /** Whether a stream may lose no event, whatever its metadata says. */
  readonly isKept: (stream: string) => boolean
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
  { client, schema, states, isKept, head, now }: GroupWriter,
): Promise<WrittenGroup> {
  const names = new Set(requests.map((request) => request.stream))
  for (const name of [...names]) names.add(isMetastream(name) ? originalOf(name) : name)
  await states.load(client, [...names])
  const deleted = [...names].filter((name) => states.get(name)?.metadata !== undefined)
  if (deleted.length > 0) await states.load(client, deleted.map(metastreamOf))

  const known = await findRevisions(client, schema, loose(requests, states))
  const touched = new Set<string>()
  const touchedIds = new Set<string>()
  const draft = createLogDraft(states, head, now)
  const results: AppendResult[] = []

  for (const request of requests) {
    const { stream, events } = request
    const state = states.get(stream)
    const first = events[0]
    const plan =
      refusal(request, states, isKept) ??
      (await planAppend(request, {
        client,
        schema,
        state,
        touched: touched.has(stream),
        idTouched: state !== undefined && touchedIds.has(`${state.id} ${first?.id}`),
        firstIdAt: state && known.get(`${state.id} ${first?.id}`),
        now,
      }))
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
    touched.add(stream)
    const { revision, position } = draft.append(stream, events)
    const { id } = states.get(stream)!
    for (const event of events) touchedIds.add(`${id} ${event.id}`)
    results.push({ kind: 'appended', revision, position })
  }

  await insertEvents(client, schema, draft)
  return { results, events: draft.events }
}

/** What metadata streams are refused for. */
function refusal(
  { stream, events }: AppendRequest,
  states: StreamStates,
  isKept: (stream: string) => boolean,
): Extract<AppendResult, { kind: 'deleted' | 'denied' }> | undefined {
  if (!isMetastream(stream)) return undefined
  const original = originalOf(stream)
  if (states.get(original)?.tombstoned) return { kind: 'deleted' }
  const last = events.at(-1)
  if (last !== undefined && isKept(original) && isLimited(readLimits(last.data))) {
    return { kind: 'denied' }
  }
  return undefined
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
