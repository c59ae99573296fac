import { rewardsDistributorAbi } from '../../contracts/abi/rewards-distributor.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { Cost, GasLab } from './gas-lab.ts'
import { someHash } from './some-hash.ts'

/** What a bench declares of an epoch; the rest is made up. */
export interface EpochDraft {
  readonly root: Hex
  readonly accounts: number
  readonly totalEarned: bigint
  readonly creditsRoot?: Hex
  readonly credits?: number
  readonly callsRoot?: Hex
  readonly calls?: number
  readonly toBlockHash?: Hex
}

/** What the contract's commitment hashes, as the fault proofs take it. */
export interface ProposedEpoch {
  readonly epoch: bigint
  readonly cost: Cost
  readonly context: {
    readonly proposal: Awaited<ReturnType<typeof completeProposal>>
    readonly poster: Hex
    readonly previousEpoch: bigint
  }
}

/** Where the next epoch starts; one for each chain. */
export interface EpochCursor {
  nextBlock: bigint
  active: bigint
  proposed: bigint
}

/** Proposes an epoch up to the block before this transaction's. */
export async function proposeEpoch(
  lab: GasLab,
  cursor: EpochCursor,
  draft: EpochDraft,
): Promise<ProposedEpoch> {
  const proposal = await completeProposal(lab, cursor, draft)
  const cost = await lab.send(lab.accounts.poster, {
    ...{ address: lab.deployment.addresses.rewards, abi: rewardsDistributorAbi },
    functionName: 'propose',
    args: [proposal],
  })
  cursor.proposed += 1n
  const poster = lab.accounts.poster.address
  const context = { proposal, poster, previousEpoch: cursor.active }
  return { epoch: cursor.proposed, cost, context }
}

/** Lets the window pass and activates the epoch. */
export async function activateEpoch(
  lab: GasLab,
  cursor: EpochCursor,
  { epoch, context }: ProposedEpoch,
): Promise<Cost> {
  await lab.passTime(3601)
  const cost = await lab.send(lab.accounts.owner, {
    ...{ address: lab.deployment.addresses.rewards, abi: rewardsDistributorAbi },
    functionName: 'activate',
    args: [epoch],
  })
  cursor.active = epoch
  cursor.nextBlock = context.proposal.toBlock + 1n
  return cost
}

async function completeProposal(lab: GasLab, cursor: EpochCursor, draft: EpochDraft) {
  const { number, hash } = await lab.block()
  return {
    creditsRoot: someHash('credits'),
    credits: 1,
    callsRoot: someHash('calls'),
    calls: 1,
    dataHash: someHash(`manifest ${cursor.proposed}`),
    engineHash: someHash('engine'),
    fromBlock: cursor.nextBlock,
    toBlock: number,
    toBlockHash: hash,
    ...draft,
  }
}
