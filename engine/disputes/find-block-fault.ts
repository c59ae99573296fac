import { encodeFunctionData } from 'viem'
import { epochFaultsAbi } from '../../contracts/abi/epoch-faults.ts'
import type { Accusation } from './accusation.ts'
import { contextOf } from './accused-epoch.ts'
import type { ProvableFault } from './provable-fault.ts'

/** Finds that an epoch was computed from another chain (kind 9). */
export function findBlockFault({ accused, toBlockHash }: Accusation): readonly ProvableFault[] {
  const { toBlock, toBlockHash: declared } = accused.proposal
  if (toBlockHash === undefined || toBlockHash === declared) return []
  return [
    {
      kind: 9,
      name: 'wrongBlockHash',
      about: `block ${toBlock} is ${toBlockHash}, not ${declared}`,
      call: encodeFunctionData({
        abi: epochFaultsAbi,
        functionName: 'wrongBlockHash',
        args: [accused.epoch, contextOf(accused)],
      }),
    },
  ]
}
