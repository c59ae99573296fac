import { expect, test } from 'vitest'
import type { Hex } from '../../schema/events/event.ts'
import { carryCoverage, compareCoverage, coverKey } from './contract-coverage.ts'

const address = (digit: string) => `0x${digit.repeat(40)}` as Hex
const [one, two, three] = ['1', '2', '3'].map(address) as [Hex, Hex, Hex]
const keys = (...addresses: readonly Hex[]) => addresses.map(coverKey)

test('contracts that the log does not cover are missing, those that only it knows are gone', () => {
  const known = { first: [one], all: [one, three] }
  expect(compareCoverage({ covers: keys(one, two) }, known)).toEqual({
    missing: [three],
    gone: keys(two),
  })
})

test('a log without a list is about the first contracts', () => {
  const known = { first: [one, two], all: [one, two, three] }
  expect(compareCoverage({}, known)).toEqual({ missing: [three], gone: [] })
})

test('a contract whose past is half read must not go either', () => {
  const late = { height: 5, hash: '0x5', covers: keys(two) }
  const found = compareCoverage({ covers: keys(one), late }, { first: [one], all: [one] })
  expect(found.gone).toEqual(keys(two))
})

test('a past that is read further than the new tip ends there', () => {
  const late = { height: 5, hash: '0x5', covers: ['a'] }
  const tip = { height: 3, hash: '0x3' }
  expect(carryCoverage({ covers: ['b'], late }, tip).late).toEqual({ ...tip, covers: ['a'] })
  expect(carryCoverage({ late }, { height: 9, hash: '0x9' }).late).toEqual(late)
  expect(carryCoverage({ late }, { height: -1, hash: '0x' }).late).toBeUndefined()
})
