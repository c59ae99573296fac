import { expect, test } from 'vitest'
import type { Hex } from '../../schema/events/event.ts'
import { compareReplay } from './compare-replay.ts'
import type { ReplayResult } from './replay-everything.ts'

const result = (rows: number, hash: Hex, ...roots: Hex[]): ReplayResult => ({
  tables: { calls: { rows, hash }, models: { rows: 1, hash: '0x01' } },
  roots: roots.map((root, i) => ({ epoch: String(i + 1), root })),
})

test('equal tables and roots are counted', () => {
  const same = result(2, '0xaa', '0x11')
  expect(compareReplay(same, same)).toEqual({
    ...{ ok: true, tables: 2, rows: 3, roots: 1, differences: [] },
  })
})

test('a table with other rows, another hash or other roots is named', () => {
  const live = result(2, '0xaa', '0x11')
  expect(compareReplay(live, result(3, '0xab', '0x11'))).toMatchObject({
    ...{ ok: false, differences: ['calls: 2 rows live, 3 rows replayed'] },
  })
  expect(compareReplay(live, result(2, '0xab', '0x11')).ok).toBe(false)
  expect(compareReplay(live, result(2, '0xaa', '0x12')).differences).toEqual([
    'roots: 0x11 live, 0x12 replayed',
  ])
  expect(compareReplay(live, result(2, '0xaa')).ok).toBe(false)
})
