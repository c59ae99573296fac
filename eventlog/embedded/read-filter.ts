import type { NamePredicate } from './follow-log.ts'
import { invalidArgument } from './service-error.ts'

/** What the filter messages of catch-up and persistent subscriptions have in common. */
export interface WireFilter {
  hasStreamIdentifier(): boolean
  getStreamIdentifier(): WireExpression | undefined
  getEventType(): WireExpression | undefined
}

interface WireExpression {
  getRegex(): string
  getPrefixList(): string[]
}

/** A filter as it is stored with a persistent subscription. */
export interface EventFilterSpec {
  readonly by: 'stream' | 'type'
  readonly prefixes: readonly string[]
  readonly regex: string
}

export function readFilterSpec(filter: WireFilter): EventFilterSpec {
  const by = filter.hasStreamIdentifier() ? 'stream' : 'type'
  const expression = by === 'stream' ? filter.getStreamIdentifier() : filter.getEventType()
  return {
    by,
    prefixes: expression?.getPrefixList() ?? [],
    regex: expression?.getRegex() ?? '',
  }
}

/** Prefixes win over the expression, as in EventStoreDB; neither matches everything. */
export function toPredicate({ by, prefixes, regex }: EventFilterSpec): NamePredicate {
  if (prefixes.length > 0) {
    return (event) => prefixes.some((prefix) => event[by].startsWith(prefix))
  }
  if (regex === '') return () => true
  try {
    const expression = new RegExp(regex, 'u')
    return (event) => expression.test(event[by])
  } catch {
    throw invalidArgument('the filter is not a regular expression')
  }
}
