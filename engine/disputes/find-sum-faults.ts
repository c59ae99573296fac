import { encodeFunctionData } from 'viem'
import { epochFaultsAbi } from '../../contracts/abi/epoch-faults.ts'
import type { Accusation } from './accusation.ts'
import { contextOf } from './accused-epoch.ts'
import { leafProof } from './leaf-proofs.ts'
import type { OpenTree } from './open-tree.ts'
import type { ProvableFault } from './provable-fault.ts'

/** Finds sums that do not add up in the trees of rewards and credits (kind 3). */
export function findSumFaults({
  accused,
  opening,
  previousTotal,
}: Accusation): readonly ProvableFault[] {
  const { rewards, credits } = opening
  const { epoch, proposal } = accused
  const context = contextOf(accused)
  const faults: ProvableFault[] = []
  const inRewards = wrongSum(rewards, ({ cumulative }) => cumulative, proposal.totalEarned)
  if (rewards !== undefined && inRewards !== undefined) {
    faults.push({
      kind: 3,
      name: 'sumMismatch',
      about: `the balances do not add up at leaf ${inRewards[0]}`,
      call: encodeFunctionData({
        abi: epochFaultsAbi,
        functionName: 'sumMismatch',
        args: [epoch, context, inRewards.map((index) => leafProof(rewards, index))],
      }),
    })
  }
  const earned = proposal.totalEarned - previousTotal
  const inCredits = wrongSum(credits, ({ amount }) => amount, earned)
  if (credits !== undefined && inCredits !== undefined) {
    faults.push({
      kind: 3,
      name: 'creditSumMismatch',
      about: `the credits do not add up at leaf ${inCredits[0]}`,
      call: encodeFunctionData({
        abi: epochFaultsAbi,
        functionName: 'creditSumMismatch',
        args: [epoch, context, inCredits.map((index) => leafProof(credits, index))],
      }),
    })
  }
  return faults
}

/** Indices of the one or two leaves that show a wrong sum. */
function wrongSum<Leaf extends { readonly before: bigint }>(
  open: OpenTree<Leaf> | undefined,
  amountOf: (leaf: Leaf) => bigint,
  total: bigint,
): readonly number[] | undefined {
  if (open === undefined) return undefined
  const { leaves, missing } = open
  if (leaves[0]!.before !== 0n) return [0]
  const ends = leaves.map((leaf) => leaf.before + amountOf(leaf))
  const gap = ends.findIndex((end, i) => i + 1 < leaves.length && leaves[i + 1]!.before !== end)
  if (gap >= 0) return [gap, gap + 1]
  // A last leaf that is missing cannot be shown to be wrong: `missingLeaf` is the proof then.
  return missing === undefined && ends.at(-1) !== total ? [leaves.length - 1] : undefined
}
