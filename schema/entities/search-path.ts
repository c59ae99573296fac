/**
 * Points a database URL at one PostgreSQL schema: unqualified names mean the tables of that schema.
 *
 * Options that the URL has already stay; the URL wins over every other way to set them in `pg`.
 */
export function withSearchPath(databaseUrl: string, schema: string): string {
  const url = new URL(databaseUrl)
  const options = url.searchParams.get('options')
  const path = `-c search_path=${schema}`
  url.searchParams.set('options', options === null ? path : `${options} ${path}`)
  return url.href
}
