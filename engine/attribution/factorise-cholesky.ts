import { BaseError } from '../../schema/errors.ts'

const block = 64

/**
 * Factorises a symmetric positive definite matrix A = L·Lᵀ in place (lower triangle, row-major).
 *
 * Float64 with one fixed order of operations and without fused multiply-add, which JavaScript does
 * not have, so that every machine computes the same bits. Panels of 64 columns keep the operands
 * of the inner loop in cache. What lies above the diagonal is not read and not written.
 *
 * @throws PRECONDITIONER_SINGULAR if the matrix is not positive definite.
 */
export function factoriseCholesky(matrix: Float64Array, size: number): void {
  for (let start = 0; start < size; start += block) {
    const end = Math.min(size, start + block)
    factoriseDiagonal(matrix, size, start, end)
    solvePanel(matrix, size, start, end)
    for (let row = end; row < size; row += block) {
      const rowEnd = Math.min(size, row + block)
      for (let column = end; column <= row; column += block) {
        const columnEnd = Math.min(size, column + block)
        subtractProduct(matrix, size, [row, rowEnd], [column, columnEnd], [start, end])
      }
    }
  }
}

function factoriseDiagonal(a: Float64Array, size: number, start: number, end: number): void {
  for (let i = start; i < end; i++) {
    for (let j = start; j <= i; j++) {
      let sum = a[i * size + j]!
      for (let k = start; k < j; k++) sum -= a[i * size + k]! * a[j * size + k]!
      if (i !== j) a[i * size + j] = sum / a[j * size + j]!
      else if (sum > 0 && Number.isFinite(sum)) a[i * size + i] = Math.sqrt(sum)
      else throw new BaseError('PRECONDITIONER_SINGULAR', { facts: { row: i, pivot: sum } })
    }
  }
}

function solvePanel(a: Float64Array, size: number, start: number, end: number): void {
  for (let i = end; i < size; i++) {
    for (let j = start; j < end; j++) {
      let sum = a[i * size + j]!
      for (let k = start; k < j; k++) sum -= a[i * size + k]! * a[j * size + k]!
      a[i * size + j] = sum / a[j * size + j]!
    }
  }
}

type Range = readonly [number, number]

/** Subtracts L[rows, inner] · L[columns, inner]ᵀ, four by four elements at a time. */
function subtractProduct(
  a: Float64Array,
  size: number,
  [rowStart, rowEnd]: Range,
  [columnStart, columnEnd]: Range,
  [from, to]: Range,
): void {
  let i = rowStart
  for (; i + 4 <= rowEnd; i += 4) {
    const r0 = i * size
    const r1 = r0 + size
    const r2 = r1 + size
    const r3 = r2 + size
    let j = columnStart
    for (; j + 2 <= columnEnd; j += 2) {
      const c0 = j * size
      const c1 = c0 + size
      let s00 = 0
      let s01 = 0
      let s10 = 0
      let s11 = 0
      let s20 = 0
      let s21 = 0
      let s30 = 0
      let s31 = 0
      for (let k = from; k < to; k++) {
        const b0 = a[c0 + k]!
        const b1 = a[c1 + k]!
        const a0 = a[r0 + k]!
        s00 += a0 * b0
        s01 += a0 * b1
        const a1 = a[r1 + k]!
        s10 += a1 * b0
        s11 += a1 * b1
        const a2 = a[r2 + k]!
        s20 += a2 * b0
        s21 += a2 * b1
        const a3 = a[r3 + k]!
        s30 += a3 * b0
        s31 += a3 * b1
      }
      a[r0 + j]! -= s00
      a[r0 + j + 1]! -= s01
      a[r1 + j]! -= s10
      a[r1 + j + 1]! -= s11
      a[r2 + j]! -= s20
      a[r2 + j + 1]! -= s21
      a[r3 + j]! -= s30
      a[r3 + j + 1]! -= s31
    }
    for (; j < columnEnd; j++) for (let r = i; r < i + 4; r++) subtractDot(a, size, r, j, from, to)
  }
  for (; i < rowEnd; i++) {
    for (let j = columnStart; j < columnEnd; j++) subtractDot(a, size, i, j, from, to)
  }
}

function subtractDot(
  a: Float64Array,
  size: number,
  i: number,
  j: number,
  from: number,
  to: number,
): void {
  let sum = 0
  for (let k = from; k < to; k++) sum += a[i * size + k]! * a[j * size + k]!
  a[i * size + j]! -= sum
}
