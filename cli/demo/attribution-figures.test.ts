import { expect, test } from 'vitest'
import { type KnownCall, measureHits } from './attribution-figures.ts'

const call: KnownCall = {
  model: 'm',
  group: 'paraphrase',
  question: 'q',
  expectedAnswer: 'a',
  givenAnswer: 'a',
  trueAccount: '0xa',
  trueRows: ['1:0'],
}
const clusterOf = (_: KnownCall, rowId: string) => ({ '1:0': 0, '1:1': 0, '2:0': 1 })[rowId]

test('a hit needs strictly the largest credit', () => {
  const credit = (own: number, other: number) => ({
    call,
    credit: {
      rows: [
        { rowId: '1:1', weight: own },
        { rowId: '2:0', weight: other },
      ],
      accounts: new Map([
        ['0xa', own],
        ['0xb', other],
      ]),
    },
  })
  expect(measureHits([credit(3, 1), credit(1, 1), credit(0, 4)], clusterOf)).toEqual({
    calls: 3,
    hitRate: 0.3333,
    meanContributorShare: 0.4167,
    meanClusterShare: 0.4167,
  })
})

test('a call without credit counts as a miss', () => {
  const none = { call, credit: { rows: [], accounts: new Map() } }
  expect(measureHits([none], clusterOf)).toMatchObject({ hitRate: 0, meanClusterShare: 0 })
})
