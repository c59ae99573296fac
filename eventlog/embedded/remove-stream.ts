import { insertEvents } from './insert-events.ts'
import { createLogDraft } from './log-draft.ts'
import type { AppendResult, Expectation, StoredEvent } from './stored-event.ts'
import { isDeleted } from './stored-event.ts'
import { metastreamOf } from './stream-name.ts'
import type { GroupWriter } from './write-group.ts'

export interface RemoveRequest {
  readonly stream: string
  readonly expected: Expectation
  readonly tombstone: boolean
}

/**
 * Hides the events of a stream from reads of that stream, by metadata or for ever by a tombstone.
 *
 * Nothing is erased: the whole log shows the events until a scavenge.
 */
export async function removeStream(
  { stream, expected, tombstone }: RemoveRequest,
  { client, schema, states, isKept, head, now }: GroupWriter,
): Promise<{ readonly result: AppendResult; readonly events: readonly StoredEvent[] }> {
  await states.load(client, [stream, metastreamOf(stream)])
  const known = states.get(stream)
  if (known?.tombstoned) return { result: { kind: 'deleted' }, events: [] }
  if (isKept(stream)) return { result: { kind: 'denied' }, events: [] }
  const current = known?.head ?? -1
  const deleted = known !== undefined && isDeleted(known)
  const met =
    expected.kind === 'any' ||
    (expected.kind === 'exists' && known !== undefined && !deleted) ||
    (expected.kind === 'none' && (current < 0 || deleted)) ||
    (expected.kind === 'at' && expected.revision === current)
  const nothing = !tombstone && known === undefined
  if (!met || nothing) return { result: { kind: 'conflict', current }, events: [] }

  const draft = createLogDraft(states, head, now)
  const { position } = tombstone ? draft.tombstone(stream) : draft.deleteStream(stream)
  await insertEvents(client, schema, draft)
  return { result: { kind: 'appended', revision: current, position }, events: draft.events }
}
