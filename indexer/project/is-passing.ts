import { isErrorWithCode } from '../../schema/errors.ts'

/** SQLSTATE classes of failures that pass: connection, shutdown, resources, deadlock. */
const passingClasses = /^(08|57|53|40)/

const finalCodes: ReadonlySet<string> = new Set([
  'EVENT_LOG_CORRUPT',
  'EVENT_LOG_REFUSED',
  'EVENT_VERSION_UNKNOWN',
  'PROJECTION_FENCED',
  'PROJECTION_OTHER_CHAIN',
  'PROJECTION_POISONED',
  'SCHEMA_MISMATCH',
])

/** Tells a failure that may pass (the connection broke) from one that will come again. */
export function isPassing(error: unknown): boolean {
  if (isErrorWithCode(error)) return !finalCodes.has(error.code)
  if (typeof error !== 'object' || error === null || !('code' in error)) {
    // pg and TypeORM report a connection that ended between two statements without a code.
    return /connection|terminated|not queryable|already released/i.test(String(error))
  }
  const code = String(error.code)
  return !/^(?=.*\d)[0-9A-Z]{5}$/.test(code) || passingClasses.test(code)
}
