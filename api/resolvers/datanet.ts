import { Contribution } from '../../schema/entities/contribution.ts'
import type { Datanet } from '../../schema/entities/datanet.ts'
import type { ApiContext } from '../context.ts'
import { type PageArguments, readPage } from '../page.ts'
import { provenance } from './provenance.ts'

export const datanetResolvers = {
  contributions: (datanet: Datanet, page: PageArguments, { source }: ApiContext) =>
    readPage(source, Contribution, [['id', 'ASC']], { datanetId: datanet.id }, page),
  provenance,
}

export const contributionResolvers = {
  datanet: (row: Contribution, _: unknown, { loaders }: ApiContext) =>
    loaders.datanet.load(row.datanetId),
  contributor: (row: Contribution) => ({ account: row.contributor }),
  provenance,
}
