import type { Plugin } from 'graphql-yoga'
import type { ApiMetrics } from '../api-metrics.ts'

interface Result {
  readonly errors?: readonly { readonly extensions?: { readonly code?: unknown } }[]
}

/** Counts every result, also of documents that were refused before they were executed. */
export const countResults = (metrics: Pick<ApiMetrics, 'answered'>): Plugin => ({
  onResultProcess({ result }) {
    // Refusals of the language itself, such as an unknown field, have no code.
    for (const { errors = [] } of [result].flat() as readonly Result[])
      metrics.answered(errors.map(({ extensions }) => String(extensions?.code ?? 'GRAPHQL')))
  },
})
