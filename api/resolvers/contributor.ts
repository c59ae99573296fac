import { Claim } from '../../schema/entities/claim.ts'
import { Epoch } from '../../schema/entities/epoch.ts'
import { EpochLeaf } from '../../schema/entities/epoch-leaf.ts'
import { RewardAccount } from '../../schema/entities/reward-account.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { ApiContext } from '../context.ts'
import { provenance } from './provenance.ts'
import { type ContributionPage, readContributions } from './read-contributions.ts'

interface Contributor {
  readonly account: Hex
}

export const contributorResolvers = {
  contributions: ({ account }: Contributor, page: ContributionPage, { source }: ApiContext) =>
    readContributions(source, { contributor: account }, page),
  earned: async ({ account }: Contributor, _: unknown, context: ApiContext) =>
    (await leavesOf(account, context)).at(-1)?.cumulative ?? 0n,
  claimed: async ({ account }: Contributor, _: unknown, { source }: ApiContext) =>
    (await source.getRepository(RewardAccount).findOneBy({ account }))?.claimed ?? 0n,
  claimable: ({ account }: Contributor, _: unknown, context: ApiContext) =>
    readClaimable(account, context),
  recipient: async ({ account }: Contributor, _: unknown, { source }: ApiContext) =>
    (await source.getRepository(RewardAccount).findOneBy({ account }))?.recipient ?? account,
  epochs: async ({ account }: Contributor, _: unknown, context: ApiContext) => {
    let before = 0n
    return (await leavesOf(account, context)).map((leaf) => {
      const earned = leaf.cumulative - before
      before = leaf.cumulative
      return { epochId: leaf.epoch, earned, cumulative: leaf.cumulative }
    })
  },
  claims: ({ account }: Contributor, _: unknown, { source }: ApiContext) =>
    source.getRepository(Claim).find({
      where: { account },
      order: { blockNumber: 'DESC', logIndex: 'DESC' },
      take: 1000,
    }),
}

export const contributorEpochResolvers = {
  epoch: ({ epochId }: { epochId: string }, _: unknown, { loaders }: ApiContext) =>
    loaders.epoch.load(epochId),
}

export const claimResolvers = {
  epoch: (claim: Claim, _: unknown, { loaders }: ApiContext) =>
    loaders.epochOfProposal.load(claim.epoch),
  provenance,
}

const leavesOf = (account: Hex, { source }: ApiContext): Promise<EpochLeaf[]> =>
  source.getRepository(EpochLeaf).find({ where: { account }, order: { epoch: 'ASC' } })

async function readClaimable(account: Hex, { source }: ApiContext): Promise<bigint> {
  const [active] = await source
    .getRepository(Epoch)
    .find({ where: { status: 'active' }, order: { id: 'DESC' }, take: 1 })
  if (active === undefined) return 0n
  const [leaf, paid] = await Promise.all([
    source.getRepository(EpochLeaf).findOneBy({ epoch: active.id, account }),
    source.getRepository(RewardAccount).findOneBy({ account }),
  ])
  const open = (leaf?.cumulative ?? 0n) - (paid?.claimed ?? 0n)
  return open > 0n ? open : 0n
}
