const group = 8

/**
 * Solves L·Lᵀ·x = b for several right-hand sides in place, in one fixed order of operations.
 *
 * Eight right-hand sides go through the factor together: one alone would wait for memory.
 *
 * @param factor from `factoriseCholesky`.
 * @param rightSides `[count, size]` row-major; receives the solutions.
 */
export function solveCholesky(factor: Float64Array, size: number, rightSides: Float64Array): void {
  const count = rightSides.length / size
  const lanes = new Float64Array(size * group)
  const sums = new Float64Array(group)
  for (let first = 0; first < count; first += group) {
    const used = Math.min(group, count - first)
    lanes.fill(0)
    for (let lane = 0; lane < used; lane++) {
      for (let i = 0; i < size; i++)
        lanes[i * group + lane] = rightSides[(first + lane) * size + i]!
    }
    for (let i = 0; i < size; i++) {
      sums.fill(0)
      for (let j = 0; j < i; j++) addScaled(sums, 0, factor[i * size + j]!, lanes, j * group)
      finishLane(lanes, i * group, sums, factor[i * size + i]!)
    }
    // Backwards by columns of Lᵀ, which are rows of L, so that memory is read in order.
    for (let i = size - 1; i >= 0; i--) {
      const pivot = factor[i * size + i]!
      for (let lane = 0; lane < group; lane++) lanes[i * group + lane]! /= pivot
      for (let j = 0; j < i; j++)
        addScaled(lanes, j * group, -factor[i * size + j]!, lanes, i * group)
    }
    for (let lane = 0; lane < used; lane++) {
      for (let i = 0; i < size; i++)
        rightSides[(first + lane) * size + i] = lanes[i * group + lane]!
    }
  }
}

function addScaled(
  into: Float64Array,
  at: number,
  factor: number,
  from: Float64Array,
  start: number,
): void {
  into[at]! += factor * from[start]!
  into[at + 1]! += factor * from[start + 1]!
  into[at + 2]! += factor * from[start + 2]!
  into[at + 3]! += factor * from[start + 3]!
  into[at + 4]! += factor * from[start + 4]!
  into[at + 5]! += factor * from[start + 5]!
  into[at + 6]! += factor * from[start + 6]!
  into[at + 7]! += factor * from[start + 7]!
}

function finishLane(lanes: Float64Array, at: number, sums: Float64Array, pivot: number): void {
  for (let lane = 0; lane < group; lane++) {
    lanes[at + lane] = (lanes[at + lane]! - sums[lane]!) / pivot
  }
}
