import { encodeFunctionData } from 'viem'
import { epochFaultsAbi } from '../../contracts/abi/epoch-faults.ts'
import type { CreditLeaf, RewardLeaf } from '../../schema/codec/epoch-leaves.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { Accusation } from './accusation.ts'
import { contextOf } from './accused-epoch.ts'
import { firstNotBelow, leafProof, proofsAround } from './leaf-proofs.ts'
import type { OpenTree } from './open-tree.ts'
import type { ProvableFault } from './provable-fault.ts'

const abi = epochFaultsAbi
const below = (account: Hex) => (leaf: { readonly account: Hex }) => leaf.account < account
const upTo = (account: Hex) => (leaf: { readonly account: Hex }) => leaf.account <= account

/**
 * Finds balances that do not follow from those before and the credits (kinds 1, 4 and 5), the first of
 * each kind; the trees must be in order.
 */
export function findBalanceFaults(accusation: Accusation): readonly ProvableFault[] {
  const { rewards, credits, previous } = accusation.opening
  if (rewards === undefined) return []
  const current = indexByAccount(rewards)
  return [
    ...(previous === undefined ? [] : againstPrevious(accusation, rewards, previous, current)),
    ...(credits === undefined ? [] : againstCredits(accusation, rewards, credits, current)),
  ]
}

function againstPrevious(
  { accused }: Accusation,
  rewards: OpenTree<RewardLeaf>,
  previous: OpenTree<RewardLeaf>,
  current: ReadonlyMap<Hex, number>,
): readonly ProvableFault[] {
  const { epoch } = accused
  const context = contextOf(accused)
  const faults: ProvableFault[] = []
  const omitted = previous.leaves.findIndex(
    ({ account, cumulative }) => cumulative > 0n && !current.has(account),
  )
  if (omitted >= 0) {
    const { account } = previous.leaves[omitted]!
    const around = proofsAround(rewards, below(account))
    const args = [epoch, context, leafProof(previous, omitted), around] as const
    faults.push({
      kind: 4,
      name: 'omittedAccount',
      about: `account ${account} of the previous epoch is missing`,
      call: encodeFunctionData({ abi, functionName: 'omittedAccount', args }),
    })
  }
  const decreased = previous.leaves.findIndex(({ account, cumulative }) => {
    const index = current.get(account)
    return index !== undefined && rewards.leaves[index]!.cumulative < cumulative
  })
  if (decreased >= 0) {
    const { account } = previous.leaves[decreased]!
    const now = leafProof(rewards, current.get(account)!)
    const args = [epoch, context, leafProof(previous, decreased), now] as const
    faults.push({
      kind: 1,
      name: 'decreasedCumulative',
      about: `account ${account} has less than in the previous epoch`,
      call: encodeFunctionData({ abi, functionName: 'decreasedCumulative', args }),
    })
  }
  return faults
}

function againstCredits(
  { accused, opening }: Accusation,
  rewards: OpenTree<RewardLeaf>,
  credits: OpenTree<CreditLeaf>,
  current: ReadonlyMap<Hex, number>,
): readonly ProvableFault[] {
  const { epoch, previousEpoch } = accused
  const context = contextOf(accused)
  const faults: ProvableFault[] = []
  const omitted = credits.leaves.findIndex(
    ({ account, amount }) => amount > 0n && !current.has(account),
  )
  if (omitted >= 0) {
    const { account } = credits.leaves[omitted]!
    const around = proofsAround(rewards, below(account))
    const args = [epoch, context, leafProof(credits, omitted), around] as const
    faults.push({
      kind: 4,
      name: 'omittedCreditor',
      about: `account ${account} has a credit and is missing`,
      call: encodeFunctionData({ abi, functionName: 'omittedCreditor', args }),
    })
  }
  const { previous } = opening
  if (previousEpoch !== 0n && previous === undefined) return faults
  const earlier = previous === undefined ? undefined : indexByAccount(previous)
  const wrong = rewards.leaves.findIndex(({ account, cumulative }) => {
    const before = previous?.leaves[earlier?.get(account) ?? -1]?.cumulative ?? 0n
    return cumulative !== before + creditedTo(credits.leaves, account)
  })
  if (wrong < 0) return faults
  const { account } = rewards.leaves[wrong]!
  const held = earlier?.get(account)
  const evidence = {
    current: leafProof(rewards, wrong),
    previous:
      previous === undefined
        ? []
        : held === undefined
          ? proofsAround(previous, below(account))
          : [leafProof(previous, held)],
    start: proofsAround(credits, below(account)),
    end: proofsAround(credits, upTo(account)),
  }
  faults.push({
    kind: 5,
    name: 'wrongDelta',
    about: `account ${account} grew by something else than its credits`,
    call: encodeFunctionData({
      abi,
      functionName: 'wrongDelta',
      args: [epoch, context, evidence],
    }),
  })
  return faults
}

const indexByAccount = ({ leaves }: OpenTree<RewardLeaf>): ReadonlyMap<Hex, number> =>
  new Map(leaves.map(({ account }, index) => [account, index]))

/** Sum of an account's credits as the proof reads it: from the sums before two places. */
function creditedTo(leaves: readonly CreditLeaf[], account: Hex): bigint {
  const sumTo = (index: number): bigint => {
    const leaf = leaves[index] ?? leaves[index - 1]!
    return index < leaves.length ? leaf.before : leaf.before + leaf.amount
  }
  return sumTo(firstNotBelow(leaves, upTo(account))) - sumTo(firstNotBelow(leaves, below(account)))
}
