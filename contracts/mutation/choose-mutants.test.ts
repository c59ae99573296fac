import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chooseMutants } from './choose-mutants.ts'
import type { Mutant, OperatorName } from './mutant.ts'

function mutants(counts: Readonly<Record<string, number>>): readonly Mutant[] {
  return Object.entries(counts).flatMap(([pair, count]) => {
    const [file = '', operator = ''] = pair.split(' ')
    return Array.from({ length: count }, (_, line) => ({
      id: `${file}:${line}:1:${operator}`,
      file,
      line,
      column: 1,
      operator: operator as OperatorName,
      scope: 'f',
      original: 'a',
      mutated: 'b',
      edit: {
        operator: operator as OperatorName,
        start: line,
        end: line,
        replacement: '',
        shown: { start: line, end: line },
      },
    }))
  })
}

const many = mutants({
  'A.sol arithmetic': 50,
  'A.sol logic': 1,
  'B.sol arithmetic': 3,
  'B.sol revert-removed': 20,
})

const countOf = (chosen: readonly Mutant[], file: string, operator: string) =>
  chosen.filter((mutant) => mutant.file === file && mutant.operator === operator).length

test('every pair of file and operator gives one before any gives two', () => {
  const chosen = chooseMutants(many, 4, 'seed')
  expect(countOf(chosen, 'A.sol', 'arithmetic')).toBe(1)
  expect(countOf(chosen, 'A.sol', 'logic')).toBe(1)
  expect(countOf(chosen, 'B.sol', 'arithmetic')).toBe(1)
  expect(countOf(chosen, 'B.sol', 'revert-removed')).toBe(1)
})

test('a pair that has run out leaves its turns to the others', () => {
  const chosen = chooseMutants(many, 20, 'seed')
  expect(countOf(chosen, 'A.sol', 'logic')).toBe(1)
  expect(countOf(chosen, 'B.sol', 'arithmetic')).toBe(3)
  expect(countOf(chosen, 'A.sol', 'arithmetic')).toBe(8)
  expect(countOf(chosen, 'B.sol', 'revert-removed')).toBe(8)
})

test('the choice keeps the order, follows from the seed and never repeats', () => {
  fc.assert(
    fc.property(fc.nat(100), fc.string(), (count, seed) => {
      const chosen = chooseMutants(many, count, seed)
      expect(chosen).toEqual(chooseMutants(many, count, seed))
      expect(chosen.length).toBe(Math.min(count, many.length))
      expect(chosen).toEqual(many.filter((mutant) => chosen.includes(mutant)))
    }),
  )
  expect(chooseMutants(many, 10, 'one')).not.toEqual(chooseMutants(many, 10, 'two'))
})
