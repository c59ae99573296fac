import { AgentStake } from '../../schema/entities/agent-stake.ts'
import type { Contribution } from '../../schema/entities/contribution.ts'
import { Datanet } from '../../schema/entities/datanet.ts'
import { Epoch } from '../../schema/entities/epoch.ts'
import { EpochProposal } from '../../schema/entities/epoch-proposal.ts'
import {
  finalizedDatanet,
  finalizedEpochProposal,
  finalizedInference,
  finalizedModel,
} from '../../schema/entities/finalized.ts'
import { Inference } from '../../schema/entities/inference.ts'
import { Model } from '../../schema/entities/model.ts'
import { SessionKey } from '../../schema/entities/session-key.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { ApiContext } from '../context.ts'
import { type FinalityArgument, isFinal, type PageArguments, readPage } from '../page.ts'
import { readFacts } from './fact.ts'
import { readMeta } from './meta.ts'
import { type ContributionPage, readContributions } from './read-contributions.ts'

type ChainPage = PageArguments & FinalityArgument

const byId = { keys: ['id'], direction: 'ASC' } as const
const newestId = { keys: ['id'], direction: 'DESC' } as const
const newestInference = { keys: ['blockNumber', 'logIndex', 'index'], direction: 'DESC' } as const

type Filter<T> = { readonly where?: Readonly<Partial<T>> | null }

export const queryResolvers = {
  _meta: (_: unknown, __: unknown, context: ApiContext) => readMeta(context),
  datanet: (_: unknown, { id }: { id: string }, { loaders }: ApiContext) =>
    loaders.datanet.load(id),
  datanets: (_: unknown, page: ChainPage, { source }: ApiContext) =>
    readPage(source, isFinal(page) ? finalizedDatanet : Datanet, byId, {}, page),
  contribution: (_: unknown, { id }: { id: string }, { loaders }: ApiContext) =>
    loaders.contribution.load(id),
  contributions: (
    _: unknown,
    { where, ...page }: ContributionPage & Filter<Contribution>,
    { source }: ApiContext,
  ) => readContributions(source, where ?? {}, page),
  model: async (
    _: unknown,
    { id, name }: { id?: string | null; name?: string | null },
    { source, loaders }: ApiContext,
  ) => {
    if (id != null) return loaders.model.load(id)
    return name == null ? null : source.getRepository(Model).findOneBy({ name })
  },
  models: (_: unknown, page: ChainPage, { source }: ApiContext) =>
    readPage(source, isFinal(page) ? finalizedModel : Model, byId, {}, page),
  inference: (_: unknown, { id }: { id: `0x${string}` }, { source }: ApiContext) =>
    source.getRepository(Inference).findOneBy({ id }),
  inferences: (
    _: unknown,
    { where, ...page }: ChainPage & Filter<Inference>,
    { source }: ApiContext,
  ) => {
    const entity = isFinal(page) ? finalizedInference : Inference
    return readPage(source, entity, newestInference, where ?? {}, page)
  },
  contributor: (_: unknown, { account }: { account: string }) => ({ account }),
  epoch: (_: unknown, { id }: { id: string }, { loaders }: ApiContext) => loaders.epoch.load(id),
  epochs: (_: unknown, page: PageArguments, { source }: ApiContext) =>
    readPage(source, Epoch, newestId, {}, page),
  epochProposal: (_: unknown, { id }: { id: string }, { loaders }: ApiContext) =>
    loaders.epochProposal.load(id),
  epochProposals: (_: unknown, page: ChainPage, { source }: ApiContext) =>
    readPage(source, isFinal(page) ? finalizedEpochProposal : EpochProposal, newestId, {}, page),
  agent: (_: unknown, { account }: { account: Hex }, { source }: ApiContext) =>
    source.getRepository(AgentStake).findOneBy({ account }),
  sessionKeys: (_: unknown, { payer }: { payer: Hex }, { source }: ApiContext) =>
    source.getRepository(SessionKey).find({ where: { payer }, order: { key: 'ASC' }, take: 200 }),
  facts: readFacts,
}
