import type pg from 'pg'
import { standsAt } from './find-repeats.ts'
import {
  type AppendRequest,
  type AppendResult,
  isDeleted,
  type StreamState,
} from './stored-event.ts'

export type Plan =
  | Exclude<AppendResult, { kind: 'appended' }>
  | { readonly kind: 'write' }
  | { readonly kind: 'later' }
  | { readonly kind: 'repeat'; readonly revision: number }

export interface PlanContext {
  readonly client: pg.Client
  readonly schema: string
  readonly state: StreamState | undefined
  /** The group being written already holds events of this stream. */
  readonly touched: boolean
  /** The unwritten group holds the request's first event id in this stream. */
  readonly idTouched: boolean
  /** Latest revision of the request's first event id in the committed log. */
  readonly firstIdAt: number | undefined
  readonly now: number
}

/**
 * Decides what becomes of an append.
 *
 * An append that meets its expectation is written even if its ids are known; one that does not is a
 * success only if exactly its events stand where it wanted them. `any` and `exists` repeat when all
 * ids are known in sequence, and conflict when only the first ones are. A deleted stream may be
 * expected not to exist, but a conflict names its last revision. A question that the committed log
 * cannot answer yet waits (`later`) until the group is written.
 *
 * @see EventStoreDB, "Append-only operations: idempotence"
 */
export async function planAppend(request: AppendRequest, context: PlanContext): Promise<Plan> {
  const { client, schema, state, touched, now } = context
  const { expected, events } = request
  if (request.deadline !== undefined && request.deadline < now) return { kind: 'expired' }
  if (state?.tombstoned) return { kind: 'deleted' }
  const current = state?.head ?? -1
  const deleted = state !== undefined && isDeleted(state)

  if (expected.kind === 'any' || expected.kind === 'exists') {
    // A stream that has metadata exists even without events.
    const exists = state !== undefined && !deleted
    if (expected.kind === 'exists' && !exists) return { kind: 'conflict', current }
    if (context.idTouched) return { kind: 'later' }
    const at = context.firstIdAt
    if (state === undefined || at === undefined) return { kind: 'write' }
    return (await standsAt(client, schema, state, at, events))
      ? repeated(at, events.length)
      : { kind: 'conflict', current }
  }

  const wanted = expected.kind === 'none' ? -1 : expected.revision
  if (wanted === current) return { kind: 'write' }
  if (state === undefined || wanted > current) return { kind: 'conflict', current }
  if (touched) return { kind: 'later' }
  if (await standsAt(client, schema, state, wanted + 1, events)) {
    return repeated(wanted + 1, events.length)
  }
  return deleted && expected.kind === 'none' ? { kind: 'write' } : { kind: 'conflict', current }
}

const repeated = (from: number, count: number): Plan => ({
  kind: 'repeat',
  revision: from + count - 1,
})
