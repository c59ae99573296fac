import { encodeAbiParameters, keccak256, parseAbiParameters, zeroHash } from 'viem'
import type { Hex } from '../../schema/events/event.ts'
import type { PlanStep } from './plan.ts'

const stepType = parseAbiParameters([
  'Step step',
  'struct Step { uint8 target; bytes data; Reference[] references; }',
  'struct Reference { uint32 offset; uint8 number; }',
])

/**
 * Hashes every rest of a plan as `Genesis.sol` does.
 *
 * @returns `hashes[i]` = hash of the steps from `i` on; the last one is 0.
 */
export function hashSteps(steps: readonly PlanStep[]): readonly Hex[] {
  let hash: Hex = zeroHash
  const hashes = [hash]
  for (const { target, data, references } of steps.toReversed()) {
    const step = keccak256(encodeAbiParameters(stepType, [{ target, data, references }]))
    hash = keccak256(encodeAbiParameters([{ type: 'bytes32' }, { type: 'bytes32' }], [step, hash]))
    hashes.push(hash)
  }
  return hashes.reverse()
}
