import { GraphQLError } from 'graphql'
import type { Logger } from 'pino'
import { BaseError } from '../../schema/errors.ts'

/** Turns coded errors into GraphQL errors with their facts and hides everything unexpected. */
export function maskError(logger: Logger): (error: unknown, message: string) => Error {
  return (error, message) => {
    const original = error instanceof GraphQLError ? error.originalError : error
    if (original instanceof BaseError) {
      const { code, message: sentence, facts, docs } = original.toJSON()
      return new GraphQLError(sentence, { extensions: { code, facts, docs } })
    }
    if (error instanceof GraphQLError && original === undefined) return error
    logger.error({ err: original }, 'a resolver failed')
    return new GraphQLError(message, { extensions: { code: 'INTERNAL' } })
  }
}
