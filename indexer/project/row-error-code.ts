/** SQLSTATE classes that blame the values of a row: data exception, constraint violation. */
const rowClasses = /^(22|23)[0-9A-Z]{3}$/

/** Tells that a table refused values, and with which SQLSTATE. */
export function rowErrorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  const code = String(error.code)
  return rowClasses.test(code) ? code : undefined
}
