import { expect, it } from 'vitest'
import { createSeededRandom } from '../training/seeded-random.ts'
import { sampleToken } from './sample-token.ts'

const logits = Float32Array.of(0, Math.log(3), -100, Math.log(3))

it('takes the first of the largest logits at temperature 0', () => {
  expect(sampleToken(logits, 0, createSeededRandom(1))).toBe(1)
})

it('draws in proportion to the softmax, the same for the same seed', () => {
  const draw = (seed: number) => {
    const random = createSeededRandom(seed)
    return Array.from({ length: 7000 }, () => sampleToken(logits, 1, random))
  }
  const tokens = draw(5)
  const shares = [0, 1, 2, 3].map((token) => tokens.filter((t) => t === token).length / 7000)
  expect(shares[0]).toBeCloseTo(1 / 7, 1)
  expect(shares[1]).toBeCloseTo(3 / 7, 1)
  expect(shares[2]).toBe(0)
  expect(draw(5)).toEqual(tokens)
  expect(draw(6)).not.toEqual(tokens)
})

it('approaches the greedy choice as the temperature falls', () => {
  const random = createSeededRandom(3)
  const peaked = Float32Array.of(1, 2, 0)
  const tokens = Array.from({ length: 100 }, () => sampleToken(peaked, 0.01, random))
  expect(new Set(tokens)).toEqual(new Set([1]))
})
