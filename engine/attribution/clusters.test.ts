import fc from 'fast-check'
import { expect, test } from 'vitest'
import { disjointSets } from './disjoint-sets.ts'
import { mergeSimilarGradients } from './merge-similar-gradients.ts'
import { mergeSimilarTexts } from './merge-similar-texts.ts'
import { numberClusters } from './number-clusters.ts'

const clustersOf = (texts: readonly string[]) => {
  const sets = disjointSets(texts.length)
  mergeSimilarTexts(texts, sets)
  return texts.map((_, row) => sets.find(row))
}
const words = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => `word${from + i}`).join(' ')

test('case, white space and Unicode spelling make no other row', () => {
  expect(clustersOf(['Café au  lait?\n', 'CAFE\u0301 AU LAIT? ', 'cafe au lait?'])).toEqual([
    0, 0, 2,
  ])
})

test('a long text with one word changed is the same row, one with a third changed is not', () => {
  const text = words(60)
  expect(
    clustersOf([text, text.replace('word30', 'other'), `${words(40)} ${words(20, 900)}`]),
  ).toEqual([0, 0, 2])
})

test('facts in the same sentence stay apart', () => {
  const facts = ['Base', 'Optimism', 'Zora', 'Mode'].map(
    (name, i) => `What is the chain id of ${name}? ${8453 + i * 997}`,
  )
  expect(clustersOf(facts)).toEqual([0, 1, 2, 3])
})

test('the groups of texts do not depend on their order', () => {
  const texts = [
    ...Array.from({ length: 6 }, (_, i) => words(40, i * 7)),
    ...Array.from({ length: 6 }, (_, i) => words(40, i * 7).replace(`word${i * 7 + 20}`, 'x')),
  ]
  const grouping = (order: readonly number[]) => {
    const found = clustersOf(order.map((i) => texts[i]!))
    const names = new Map<number, number[]>()
    order.forEach((text, place) => {
      names.set(found[place]!, [...(names.get(found[place]!) ?? []), text])
    })
    return [...names.values()].map((group) => group.sort((a, b) => a - b).join()).sort()
  }
  const natural = texts.map((_, i) => i)
  expect(grouping(natural)).toHaveLength(6)
  fc.assert(
    fc.property(fc.shuffledSubarray(natural, { minLength: natural.length }), (order) => {
      expect(grouping(order)).toEqual(grouping(natural))
    }),
    { numRuns: 20 },
  )
})

test('gradients are merged above a cosine of .98 and not at it', () => {
  const gram = (cosineMilli: number) =>
    Int32Array.of(1_000_000, 1_000 * cosineMilli, 1_000 * cosineMilli, 1_000_000)
  const merged = (cosineMilli: number) => {
    const sets = disjointSets(2)
    mergeSimilarGradients([0, 1], gram(cosineMilli), sets)
    return sets.find(1) === 0
  }
  expect([981, 980, -990].map(merged)).toEqual([true, false, false])
})

test('zero gradients are alike to nothing', () => {
  const sets = disjointSets(2)
  mergeSimilarGradients([0, 1], new Int32Array(4), sets)
  expect(sets.find(1)).toBe(1)
})

test('the row that was accepted first represents its cluster', () => {
  const sets = disjointSets(5)
  sets.merge(0, 3)
  sets.merge(3, 4)
  const { clusterOf, representatives } = numberClusters(sets, [9, 1, 9, 2, 2])
  expect(representatives).toEqual([1, 2, 3])
  expect(clusterOf).toEqual([2, 0, 1, 2, 2])
})

test('merging is transitive and finds the smallest member in any order', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(19), fc.nat(19))), (pairs) => {
      const sets = disjointSets(20)
      for (const [a, b] of pairs) sets.merge(a, b)
      const other = disjointSets(20)
      for (const [a, b] of [...pairs].reverse()) other.merge(b, a)
      for (let i = 0; i < 20; i++) {
        expect(sets.find(i)).toBe(other.find(i))
        expect(sets.find(i)).toBeLessThanOrEqual(i)
      }
    }),
  )
})
