import type pg from 'pg'
import { positionOf } from './find-repeats.ts'
import { insertEvents } from './insert-events.ts'
import { createLogDraft } from './log-draft.ts'
import { planAppend } from './plan-append.ts'
import type { RecentIds } from './recent-ids.ts'
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
  readonly recent: RecentIds
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
  { client, schema, states, recent, isKept, head, now }: GroupWriter,
): Promise<WrittenGroup> {
  const names = new Set(requests.map((request) => request.stream))
  for (const name of [...names]) names.add(isMetastream(name) ? originalOf(name) : name)
  await states.load(client, [...names])
  const deleted = [...names].filter((name) => states.get(name)?.metadata !== undefined)
  if (deleted.length > 0) await states.load(client, deleted.map(metastreamOf))

  const anyLoose = requests.some(isLoose)
  if (anyLoose) await recent.load(client)
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
        firstIdAt: state && first && isLoose(request) ? recent.find(state.id, first.id) : undefined,
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
    if (anyLoose) for (const event of events) touchedIds.add(`${id} ${event.id}`)
    results.push({ kind: 'appended', revision, position })
  }

  await insertEvents(client, schema, draft)
  recent.add(draft.events)
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

/** An append that says nothing about where its events stand. */
const isLoose = ({ expected }: AppendRequest): boolean =>
  expected.kind === 'any' || expected.kind === 'exists'
