import { Fact } from '../../schema/entities/fact.ts'
import { finalizedFact } from '../../schema/entities/finalized.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { ApiContext } from '../context.ts'
import { type FinalityArgument, isFinal, type PageArguments, readPage } from '../page.ts'
import { provenance } from './provenance.ts'

interface FactsArguments extends PageArguments, FinalityArgument {
  readonly where?: (Readonly<Partial<Fact>> & { readonly account?: Hex | null }) | null
}

/** Reads a page of facts, newest first. */
export function readFacts(_: unknown, { where, ...page }: FactsArguments, { source }: ApiContext) {
  const { account, ...equal } = where ?? {}
  return readPage(
    source,
    isFinal(page) ? finalizedFact : Fact,
    { keys: ['blockNumber', 'logIndex', 'id'], direction: 'DESC' },
    equal,
    page,
    account == null ? {} : { accounts: account },
  )
}

export const factResolvers = { provenance }
