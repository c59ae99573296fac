import { describe, expect, it } from 'vitest'
import { adamStep, createAdamState } from './adam.ts'

const options = { beta1: 0.9, beta2: 0.99, epsilon: 0 }

describe('adamStep', () => {
  it('moves by the learning rate against the sign of the first gradient, whatever its size', () => {
    const parameters = Float32Array.of(1, 1, 1)
    adamStep(parameters, Float32Array.of(5, -0.001, 0.3), createAdamState(3), options, 0.1)
    for (const [index, expected] of [0.9, 1.1, 0.9].entries()) {
      expect(parameters[index]).toBeCloseTo(expected, 6)
    }
  })

  it('follows the formula over several steps', () => {
    const parameters = Float32Array.of(2)
    const state = createAdamState(1)
    let [value, m, v] = [2, 0, 0]
    for (let step = 1; step <= 5; step++) {
      const gradient = 0.3 * step - 1
      adamStep(parameters, Float32Array.of(gradient), state, { ...options, epsilon: 1e-4 }, 0.05)
      m = 0.9 * m + 0.1 * gradient
      v = 0.99 * v + 0.01 * gradient ** 2
      value -= (0.05 * (m / (1 - 0.9 ** step))) / (Math.sqrt(v / (1 - 0.99 ** step)) + 1e-4)
    }
    expect(parameters[0]).toBeCloseTo(value, 5)
    expect(state.step).toBe(5)
  })

  it('decays only the given ranges', () => {
    const parameters = Float32Array.of(1, 1)
    const decayed = [{ offset: 1, length: 1 }]
    const withDecay = { ...options, epsilon: 1, weightDecay: 0.5, decayed }
    adamStep(parameters, new Float32Array(2), createAdamState(2), withDecay, 0.1)
    expect([...parameters]).toEqual([1, Math.fround(0.95)])
  })
})
