import fc from 'fast-check'
import { expect, test } from 'vitest'
import { factoriseCholesky } from './factorise-cholesky.ts'
import { normalNumbers } from './random-rows.fixture.ts'
import { solveCholesky } from './solve-cholesky.ts'

/** M·Mᵀ + I for a random M. */
function positiveMatrix(size: number, seed: number): Float64Array {
  const m = normalNumbers(size * size, seed)
  const matrix = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      let sum = i === j ? 1 : 0
      for (let k = 0; k < size; k++) sum += m[i * size + k]! * m[j * size + k]!
      matrix[i * size + j] = sum
    }
  }
  return matrix
}

function naiveCholesky(matrix: Float64Array, size: number): Float64Array {
  const factor = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j]!
      for (let k = 0; k < j; k++) sum -= factor[i * size + k]! * factor[j * size + k]!
      factor[i * size + j] = i === j ? Math.sqrt(sum) : sum / factor[j * size + j]!
    }
  }
  return factor
}

test('the blocked factor equals the plain one for every size around the block', () => {
  for (const size of [1, 2, 5, 63, 64, 65, 131]) {
    const matrix = positiveMatrix(size, size)
    const plain = naiveCholesky(matrix, size)
    factoriseCholesky(matrix, size)
    for (let i = 0; i < size; i++) {
      for (let j = 0; j <= i; j++) {
        expect(matrix[i * size + j]).toBeCloseTo(plain[i * size + j]!, 9)
      }
    }
  }
})

test('solutions solve the system for any number of right-hand sides', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 19 }), (size, count) => {
      const matrix = positiveMatrix(size, size)
      const sides = normalNumbers(count * size, count)
      const factor = matrix.slice()
      factoriseCholesky(factor, size)
      const solution = sides.slice()
      solveCholesky(factor, size, solution)
      for (let q = 0; q < count; q++) {
        for (let i = 0; i < size; i++) {
          let sum = 0
          for (let j = 0; j < size; j++) sum += matrix[i * size + j]! * solution[q * size + j]!
          expect(Math.abs(sum - sides[q * size + i]!)).toBeLessThan(1e-8)
        }
      }
    }),
    { numRuns: 10 },
  )
})

test('a solution does not depend on what is solved beside it', () => {
  const size = 70
  const factor = positiveMatrix(size, 1)
  factoriseCholesky(factor, size)
  const sides = normalNumbers(11 * size, 2)
  const together = sides.slice()
  solveCholesky(factor, size, together)
  for (let q = 0; q < 11; q++) {
    const alone = sides.slice(q * size, (q + 1) * size)
    solveCholesky(factor, size, alone)
    expect(alone).toEqual(together.slice(q * size, (q + 1) * size))
  }
})

test('a matrix that is not positive definite is refused', () => {
  const matrix = Float64Array.of(1, 2, 2, 1)
  expect(() => factoriseCholesky(matrix, 2)).toThrow(
    expect.objectContaining({ code: 'PRECONDITIONER_SINGULAR' }),
  )
})
