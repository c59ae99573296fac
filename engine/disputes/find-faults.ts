import type { Accusation } from './accusation.ts'
import type { EpochOpening } from './epoch-opening.ts'
import { findBalanceFaults } from './find-balance-faults.ts'
import { findBlockFault } from './find-block-fault.ts'
import { findCallFaults } from './find-call-faults.ts'
import { findOrderFaults } from './find-order-faults.ts'
import { findSplitFaults } from './find-split-faults.ts'
import { findSumFaults } from './find-sum-faults.ts'
import type { ProvableFault } from './provable-fault.ts'

/**
 * Finds the faults of an epoch that can be proven on-chain, the first of each kind and function.
 *
 * Only leaves that fold to the declared roots prove anything: of a tree that nobody opened nothing is
 * found. What is behind correct arithmetic, above all the weights, is not judged here.
 */
export async function findFaults(accusation: Accusation): Promise<readonly ProvableFault[]> {
  const disorder = findOrderFaults(accusation)
  const ordered = { ...accusation, opening: withoutDisorder(accusation.opening, disorder) }
  return [
    ...findBlockFault(accusation),
    ...disorder,
    ...findSumFaults(accusation),
    ...findBalanceFaults(ordered),
    ...(await findCallFaults(ordered)),
    ...(await findSplitFaults(ordered)),
  ]
}

/** Neighbours say nothing in a tree that is not in order. */
function withoutDisorder(opening: EpochOpening, disorder: readonly ProvableFault[]): EpochOpening {
  const { rewards, credits, calls } = opening
  const has = (name: string) => disorder.some((fault) => fault.name === name)
  return {
    ...opening,
    rewards: rewards?.missing !== undefined || has('misorderedAccounts') ? undefined : rewards,
    credits: credits?.missing !== undefined || has('misorderedCredits') ? undefined : credits,
    calls: calls?.missing !== undefined || has('misorderedCalls') ? undefined : calls,
  }
}
