import { AgentStake } from '../../schema/entities/agent-stake.ts'
import { Contribution } from '../../schema/entities/contribution.ts'
import { Datanet } from '../../schema/entities/datanet.ts'
import { Epoch } from '../../schema/entities/epoch.ts'
import { EpochProposal } from '../../schema/entities/epoch-proposal.ts'
import { Inference } from '../../schema/entities/inference.ts'
import { Model } from '../../schema/entities/model.ts'
import { SessionKey } from '../../schema/entities/session-key.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { ApiContext } from '../context.ts'
import { type PageArguments, readPage } from '../page.ts'
import { readFacts } from './fact.ts'
import { readMeta } from './meta.ts'

type Filter<T> = { readonly where?: Readonly<Partial<T>> | null }

export const queryResolvers = {
  _meta: (_: unknown, __: unknown, context: ApiContext) => readMeta(context),
  datanet: (_: unknown, { id }: { id: string }, { loaders }: ApiContext) =>
    loaders.datanet.load(id),
  datanets: (_: unknown, page: PageArguments, { source }: ApiContext) =>
    readPage(source, Datanet, [['id', 'ASC']], {}, page),
  contribution: (_: unknown, { id }: { id: string }, { loaders }: ApiContext) =>
    loaders.contribution.load(id),
  contributions: (
    _: unknown,
    { where, ...page }: PageArguments & Filter<Contribution>,
    { source }: ApiContext,
  ) => readPage(source, Contribution, [['id', 'ASC']], where ?? {}, page),
  model: async (
    _: unknown,
    { id, name }: { id?: string | null; name?: string | null },
    { source, loaders }: ApiContext,
  ) => {
    if (id != null) return loaders.model.load(id)
    return name == null ? null : source.getRepository(Model).findOneBy({ name })
  },
  models: (_: unknown, page: PageArguments, { source }: ApiContext) =>
    readPage(source, Model, [['id', 'ASC']], {}, page),
  inference: (_: unknown, { id }: { id: `0x${string}` }, { source }: ApiContext) =>
    source.getRepository(Inference).findOneBy({ id }),
  inferences: (
    _: unknown,
    { where, ...page }: PageArguments & Filter<Inference>,
    { source }: ApiContext,
  ) =>
    readPage(
      source,
      Inference,
      [
        ['blockNumber', 'DESC'],
        ['logIndex', 'DESC'],
        ['index', 'DESC'],
      ],
      where ?? {},
      page,
    ),
  contributor: (_: unknown, { account }: { account: string }) => ({ account }),
  epoch: (_: unknown, { id }: { id: string }, { loaders }: ApiContext) => loaders.epoch.load(id),
  epochs: (_: unknown, page: PageArguments, { source }: ApiContext) =>
    readPage(source, Epoch, [['id', 'DESC']], {}, page),
  epochProposal: (_: unknown, { id }: { id: string }, { loaders }: ApiContext) =>
    loaders.epochProposal.load(id),
  epochProposals: (_: unknown, page: PageArguments, { source }: ApiContext) =>
    readPage(source, EpochProposal, [['id', 'DESC']], {}, page),
  agent: (_: unknown, { account }: { account: Hex }, { source }: ApiContext) =>
    source.getRepository(AgentStake).findOneBy({ account }),
  sessionKeys: (_: unknown, { payer }: { payer: Hex }, { source }: ApiContext) =>
    source.getRepository(SessionKey).find({ where: { payer }, order: { key: 'ASC' }, take: 200 }),
  facts: readFacts,
}
