import { expect, test } from 'vitest'
import { emptyCursor } from '../../indexer/store/chain-cursor.ts'
import type { LiveFact, LiveLog } from '../../indexer/verify/fold-live-log.ts'
import { compareLogs } from './compare-logs.ts'

const log = (height: number, facts: Readonly<Record<string, [number, string]>>): LiveLog => ({
  facts: new Map<string, LiveFact>(
    Object.entries(facts).map(([id, [at, digest]]) => [
      id,
      { type: 'Deposited', height: at, blockHash: `0x${at}`, digest },
    ]),
  ),
  ...{ twice: [], revision: 0n, events: 0, cursor: { ...emptyCursor, height } },
})

test('facts that only one log has, or that differ, are named in order of blocks', () => {
  const live = log(9, { a: [1, 'x'], b: [4, 'y'], d: [2, 'z'] })
  const replayed = log(9, { a: [1, 'x'], b: [4, 'other'], c: [3, 'new'] })
  expect(compareLogs(live, replayed)).toMatchObject({
    ...{ height: 9, facts: 3 },
    differences: [
      { kind: 'extra', id: 'd', height: 2 },
      { kind: 'missing', id: 'c', height: 3 },
      { kind: 'different', id: 'b', height: 4 },
    ],
  })
})

test('blocks that are not final in both logs are left out', () => {
  const live = log(5, { a: [5, 'x'] })
  expect(compareLogs(live, log(9, { a: [5, 'x'], b: [6, 'y'] }))).toEqual({
    ...{ height: 5, facts: 1, differences: [] },
  })
})
