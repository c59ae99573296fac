import { expect, test } from 'vitest'
import type { EventLog, RecordedEvent } from '../../eventlog/client/event-log.ts'
import { emptyCursor, type LateProgress } from './chain-cursor.ts'
import { recoverDeepReorg } from './recover-deep-reorg.ts'
import { undoLateFacts } from './undo-late-facts.ts'

interface Entry {
  readonly height: number
  readonly hash: string
  readonly late?: true
  readonly reverts?: true
  /** Ends an append: up to which block the past was read then, if one was. */
  readonly head?: LateProgress | 'none'
}

/** A stream of facts and reverts that can be read backwards only. */
function streamOf(entries: readonly Entry[]): Pick<EventLog, 'read'> {
  const events = entries.map(({ height, hash, late, reverts, head }) => ({
    type: reverts ? 'BlockReverted' : 'DatanetCreated',
    data: reverts ? { height, hash } : {},
    metadata: {
      ...(reverts ? {} : { blockNumber: height, blockHash: hash }),
      ...(late ? { late } : {}),
      ...(head === undefined
        ? {}
        : { head: { ...emptyCursor, top: [], late: head === 'none' ? undefined : head } }),
    },
  }))
  return {
    async *read() {
      yield* [...events].reverse() as unknown as RecordedEvent[]
    },
  }
}

const chain = (forkAt: number) => async (height: number) =>
  height < forkAt ? `0xa${height}` : `0xb${height}`
const late = (height: number): Entry => ({ height, hash: `0xa${height}`, late: true })
const progress = (height: number): LateProgress => ({ height, hash: `0xa${height}`, covers: ['c'] })
const undone = (events: readonly { readonly data: object }[]) =>
  events.map(({ data }) => (data as { hash: string }).hash)

test('a deep reorganisation undoes late facts above it, and stops at no late fact', async () => {
  const entries: readonly Entry[] = [
    ...[2, 6, 9].map((height) => ({ height, hash: `0xa${height}` })),
    ...[late(1), late(7), late(8), { ...late(9), head: 'none' as const }],
  ]
  const cursor = { ...emptyCursor, height: 9, hash: '0xa9', top: [] }
  const recover = (forkAt: number) =>
    recoverDeepReorg(streamOf(entries), 's', 1, cursor, chain(forkAt))
  const below = await recover(8)
  expect(below?.cursor).toMatchObject({ height: 6, hash: '0xa6' })
  // Block 7 stayed on the chain, but everything above block 6 is read again.
  expect(undone(below?.events ?? [])).toEqual(['0xa9', '0xa8', '0xa7'])
  expect(undone((await recover(3))?.events ?? [])).toEqual(['0xa9', '0xa8', '0xa7', '0xa6'])
})

test('late facts of another fork are undone down to the first that is on the chain', async () => {
  const entries: readonly Entry[] = [
    { height: 9, hash: '0xa9', head: 'none' },
    ...[late(1), late(2), { ...late(5), head: progress(5) }],
    ...[late(6), { ...late(7), head: progress(7) }],
    { height: 7, hash: '0xa7', reverts: true, head: progress(6) },
  ]
  const found = await undoLateFacts(streamOf(entries), 's', 1, chain(4))
  expect(undone(found.events)).toEqual(['0xa6', '0xa5'])
  expect(found.reached).toEqual({ height: 2, hash: '0xa2' })
  const all = await undoLateFacts(streamOf(entries), 's', 1, chain(0))
  expect(undone(all.events)).toEqual(['0xa6', '0xa5', '0xa2', '0xa1'])
  expect(all.reached).toBeUndefined()
})

test('nothing below a final block is undone without agreement', async () => {
  const cursor = { ...emptyCursor, height: 9, hash: '0xa9', top: [] }
  const refuse = () => Promise.reject(new Error('disputed'))
  const asked = recoverDeepReorg(streamOf([]), 's', 1, cursor, chain(3), refuse)
  await expect(asked).rejects.toThrow('disputed')
  expect(await recoverDeepReorg(streamOf([]), 's', 1, cursor, chain(10), refuse)).toBeUndefined()
})
