import { expect, test } from 'vitest'
import { dealCredit, dealFact } from './deal-by-hash.ts'

test('facts fall to all eight hands, always to the same one', () => {
  const hands = Array.from({ length: 200 }, (_, i) => dealFact(`fact ${i}`))
  expect(new Set(hands).size).toBe(8)
  expect(hands).toEqual(Array.from({ length: 200 }, (_, i) => dealFact(`fact ${i}`)))
})

test('rows of one fact are credited together', () => {
  const credit = dealCredit(
    {
      rows: [
        { rowId: '1:0', weight: 2 },
        { rowId: '1:1', weight: 3 },
      ],
      accounts: new Map([['0xa', 5]]),
    },
    () => 'one fact',
  )
  expect([...credit.accounts]).toEqual([[dealFact('one fact'), 5]])
})
