import { provenantTokenAbi } from '../../contracts/abi/provenant-token.ts'
import { rewardsDistributorAbi } from '../../contracts/abi/rewards-distributor.ts'
import type { Cost, GasLab } from './gas-lab.ts'
import { activateEpoch, type EpochCursor, proposeEpoch } from './propose-epoch.ts'
import { buildRewardTree, type RewardTree } from './reward-tree.ts'

/** Claims against a tree of that many leaves. */
export interface ClaimCost {
  readonly leaves: number
  readonly depth: number
  /** First claims of accounts without tokens: least and most of all measured. */
  readonly first: Range
  /** Second claims of the same accounts. */
  readonly later: Range
  /** Ten later claims in one transaction. */
  readonly tenInOne: number
  /** A later claim, signed. */
  readonly signed: Cost['signed']
}

interface Range {
  readonly least: number
  readonly most: number
}

/** What proposing and activating an epoch cost, in the order of the epochs. */
export interface RootCost {
  readonly leaves: number
  readonly propose: number
  readonly activate: number
  readonly signed: Cost['signed']
}

const sizes = [1_000, 10_000, 100_000, 1_000_000]
const sampled = [0.037, 0.21, 0.433, 0.68, 0.951]

/**
 * Weighs claims against real trees of 10^3 to 10^6 leaves, and the epochs that bring them.
 *
 * Every size has accounts of its own and two epochs: one to claim first, one to claim later.
 */
export async function measureClaims(
  lab: GasLab,
  cursor: EpochCursor,
  report: (line: string) => void,
): Promise<{ readonly claims: readonly ClaimCost[]; readonly roots: readonly RootCost[] }> {
  await fundRewards(lab, 10n ** 25n)
  const claims: ClaimCost[] = []
  const roots: RootCost[] = []
  for (const leaves of sizes) {
    report(`claims at ${leaves} leaves`)
    const before = await openEpoch(lab, cursor, leaves, 1n, roots)
    const indices = sampled.map((share) => Math.floor(share * leaves))
    const many = Array.from({ length: 10 }, (_, i) => Math.floor((leaves * (i + 0.5)) / 10))
    const firsts = await claimEach(lab, before, indices)
    await claimMany(lab, before, many)
    const after = await openEpoch(lab, cursor, leaves, 2n, roots)
    const laters = await claimEach(lab, after, indices)
    const { gas: tenInOne } = await claimMany(lab, after, many)
    claims.push({
      ...{ leaves, depth: after.proofOf(0).proof.length, tenInOne },
      ...{ first: rangeOf(firsts), later: rangeOf(laters), signed: (laters[0] as Cost).signed },
    })
  }
  return { claims, roots }
}

/** Puts money into the distributor. */
async function fundRewards(lab: GasLab, amount: bigint): Promise<void> {
  const { admin } = lab.accounts
  const { token, rewards } = lab.deployment.addresses
  await lab.send(admin, {
    ...{ address: token, abi: provenantTokenAbi, functionName: 'approve', args: [rewards, amount] },
  })
  await lab.send(admin, {
    ...{ address: rewards, abi: rewardsDistributorAbi, functionName: 'fund', args: [amount] },
  })
}

async function openEpoch(
  lab: GasLab,
  cursor: EpochCursor,
  leaves: number,
  factor: bigint,
  roots: RootCost[],
): Promise<RewardTree> {
  const built = buildRewardTree(leaves, factor)
  const draft = { root: built.tree.root, accounts: leaves, totalEarned: built.total }
  const proposed = await proposeEpoch(lab, cursor, draft)
  const { gas: activate } = await activateEpoch(lab, cursor, proposed)
  const { gas: propose, signed } = proposed.cost
  roots.push({ leaves, propose, activate, signed })
  return built
}

async function claimEach(lab: GasLab, rewards: RewardTree, indices: readonly number[]) {
  const costs: Cost[] = []
  for (const index of indices) {
    const { account, ...claim } = rewards.proofOf(index)
    costs.push(
      await lab.send(lab.accounts.owner, {
        ...{ address: lab.deployment.addresses.rewards, abi: rewardsDistributorAbi },
        functionName: 'claim',
        args: [account, claim],
      }),
    )
  }
  return costs
}

function claimMany(lab: GasLab, rewards: RewardTree, indices: readonly number[]): Promise<Cost> {
  const items = indices.map((index) => {
    const { account, ...claim } = rewards.proofOf(index)
    return { account, claim }
  })
  return lab.send(lab.accounts.owner, {
    ...{ address: lab.deployment.addresses.rewards, abi: rewardsDistributorAbi },
    functionName: 'claimMany',
    args: [items],
  })
}

function rangeOf(costs: readonly Cost[]): Range {
  const all = costs.map(({ gas }) => gas)
  return { least: Math.min(...all), most: Math.max(...all) }
}
