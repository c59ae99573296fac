import { encodeFunctionData } from 'viem'
import { epochFaultsAbi } from '../../contracts/abi/epoch-faults.ts'
import type { CreditLeaf } from '../../schema/codec/epoch-leaves.ts'
import type { Accusation } from './accusation.ts'
import { contextOf } from './accused-epoch.ts'
import { leafProof } from './leaf-proofs.ts'
import type { OpenTree } from './open-tree.ts'
import type { ProvableFault } from './provable-fault.ts'

const abi = epochFaultsAbi
/** `Tree` of the contract. */
const treeNumbers = { rewards: 0, credits: 2, calls: 3 } as const

/** Finds leaves that are not in strictly ascending order or not there (kinds 2 and 10). */
export function findOrderFaults({ accused, opening }: Accusation): readonly ProvableFault[] {
  const { rewards, credits, calls } = opening
  const { epoch } = accused
  const context = contextOf(accused)
  const faults: ProvableFault[] = []
  for (const name of ['rewards', 'credits', 'calls'] as const) {
    const open = opening[name]
    if (open?.missing === undefined) continue
    const proof = open.tree.proof(open.missing)
    const args = [epoch, context, treeNumbers[name], open.missing, proof] as const
    faults.push({
      kind: name === 'rewards' ? 2 : 10,
      name: 'missingLeaf',
      about: `leaf ${open.missing} of the ${name} is declared and missing`,
      call: encodeFunctionData({ abi, functionName: 'missingLeaf', args }),
    })
  }
  const account = firstDisorder(rewards, ({ account }) => account)
  if (rewards !== undefined && account !== undefined) {
    const args = [
      epoch,
      context,
      leafProof(rewards, account),
      leafProof(rewards, account + 1),
    ] as const
    faults.push({
      kind: 2,
      name: 'misorderedAccounts',
      about: `account ${rewards.leaves[account + 1]!.account} does not follow the one before it`,
      call: encodeFunctionData({ abi, functionName: 'misorderedAccounts', args }),
    })
  }
  const credit = firstDisorder(credits, creditPlace)
  if (credits !== undefined && credit !== undefined) {
    const args = [
      epoch,
      context,
      leafProof(credits, credit),
      leafProof(credits, credit + 1),
    ] as const
    faults.push({
      kind: 10,
      name: 'misorderedCredits',
      about: `credit ${credit + 1} does not follow the one before it`,
      call: encodeFunctionData({ abi, functionName: 'misorderedCredits', args }),
    })
  }
  const call = firstDisorder(calls, ({ callKey }) => callKey)
  if (calls !== undefined && call !== undefined) {
    const args = [epoch, context, leafProof(calls, call), leafProof(calls, call + 1)] as const
    faults.push({
      kind: 10,
      name: 'misorderedCalls',
      about: `call ${call + 1} does not follow the one before it`,
      call: encodeFunctionData({ abi, functionName: 'misorderedCalls', args }),
    })
  }
  return faults
}

/** Place of a credit in the order of its tree. */
export const creditPlace = ({
  account,
  callKey,
}: Pick<CreditLeaf, 'account' | 'callKey'>): bigint => (BigInt(account) << 96n) | callKey

/** Index of the left one of the first two leaves that do not ascend strictly. */
function firstDisorder<Leaf>(
  open: OpenTree<Leaf> | undefined,
  placeOf: (leaf: Leaf) => string | bigint,
): number | undefined {
  const leaves = open?.leaves ?? []
  const right = leaves.findIndex((leaf, i) => i > 0 && placeOf(leaves[i - 1]!) >= placeOf(leaf))
  return right < 0 ? undefined : right - 1
}
