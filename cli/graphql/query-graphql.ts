import { BaseError } from '../../schema/errors.ts'

/**
 * Asks the GraphQL server over HTTP, as any dApp would.
 *
 * @throws `GRAPHQL_UNAVAILABLE`, `QUERY_INVALID` with the server's message.
 */
export async function queryGraphql<T>(
  url: string,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<T> {
  let status: number
  let body: { data?: T; errors?: { message: string }[] }
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    })
    status = response.status
    body = (await response.json()) as typeof body
  } catch (cause) {
    throw new BaseError('GRAPHQL_UNAVAILABLE', { facts: { url }, cause })
  }
  if (body.data == null || body.errors !== undefined)
    throw new BaseError('QUERY_INVALID', {
      facts: { status, message: body.errors?.[0]?.message },
    })
  return body.data
}
