import type { DataSource } from 'typeorm'
import { Contribution } from '../../schema/entities/contribution.ts'
import { finalizedContribution } from '../../schema/entities/finalized.ts'
import { type FinalityArgument, isFinal, type Page, type PageArguments, readPage } from '../page.ts'

export type ContributionPage = PageArguments & FinalityArgument

/** Reads a page of contributions, oldest first. */
export const readContributions = (
  source: DataSource,
  where: Readonly<Partial<Contribution>>,
  page: ContributionPage,
): Promise<Page<Contribution>> => {
  const entity = isFinal(page) ? finalizedContribution : Contribution
  return readPage(source, entity, { keys: ['id'], direction: 'ASC' }, where, page)
}
