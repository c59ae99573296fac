import type { Contribution } from '../../schema/entities/contribution.ts'
import { ContributorStanding } from '../../schema/entities/contributor-standing.ts'
import type { Datanet } from '../../schema/entities/datanet.ts'
import type { DatanetState } from '../../schema/entities/datanet-state.ts'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { ApiContext } from '../context.ts'
import { provenance } from './provenance.ts'
import { type ContributionPage, readContributions } from './read-contributions.ts'

export const datanetResolvers = {
  contributions: (datanet: Datanet, page: ContributionPage, { source }: ApiContext) =>
    readContributions(source, { datanetId: datanet.id }, page),
  owner: async (datanet: Datanet, _: unknown, context: ApiContext) =>
    (await stateOf(datanet, context)).owner,
  metaHash: async (datanet: Datanet, _: unknown, context: ApiContext) =>
    (await stateOf(datanet, context)).metaHash,
  uri: async (datanet: Datanet, _: unknown, context: ApiContext) =>
    (await stateOf(datanet, context)).uri,
  version: async (datanet: Datanet, _: unknown, context: ApiContext) =>
    (await stateOf(datanet, context)).version,
  status: async (datanet: Datanet, _: unknown, context: ApiContext) =>
    (await stateOf(datanet, context)).status,
  admission: async (datanet: Datanet, _: unknown, context: ApiContext) =>
    (await stateOf(datanet, context)).admission,
  standing: (datanet: Datanet, { contributor }: { contributor: Hex }, { source }: ApiContext) =>
    source.getRepository(ContributorStanding).findOneBy({ datanetId: datanet.id, contributor }),
  provenance,
}

async function stateOf(datanet: Datanet, { loaders }: ApiContext): Promise<DatanetState> {
  const state = await loaders.datanetState.load(datanet.id)
  if (state === null) throw new BaseError('INTERNAL', { facts: { datanet: datanet.id } })
  return state
}

export const contributionResolvers = {
  datanet: (row: Contribution, _: unknown, { loaders }: ApiContext) =>
    loaders.datanet.load(row.datanetId),
  contributor: (row: Contribution) => ({ account: row.contributor }),
  provenance,
}
