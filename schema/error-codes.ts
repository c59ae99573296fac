import type { ErrorClass } from './errors.ts'

interface ErrorEntry {
  readonly class: ErrorClass
  /** One sentence, no facts in it. */
  readonly sentence: string
  /** What the reader can do about it; printed in `docs/errors.md`. */
  readonly remedy: string
}

const entry = (errorClass: ErrorClass, sentence: string, remedy: string): ErrorEntry => ({
  class: errorClass,
  sentence,
  remedy,
})

/** Every stable error code of the system, sorted; `docs/errors.md` is generated from this table. */
export const errorCodes = {
  ARTIFACT_CORRUPT: entry(
    'integrity',
    'An artifact does not match its content address.',
    'Delete the damaged file and fetch it again from another store; nothing that used it was committed.',
  ),
  ARTIFACT_MISSING: entry(
    'unavailable',
    'An artifact is not in the store.',
    'Point `PROVENANT_ARTIFACTS` at the store that holds it, or copy the file there under its hash.',
  ),
  CONFIG_INVALID: entry(
    'usage',
    'The configuration is not valid.',
    'Correct the named variable; `provenant doctor` prints what was read and from where.',
  ),
  DATABASE_UNAVAILABLE: entry(
    'unavailable',
    'The database does not answer.',
    'Start PostgreSQL or correct `PROVENANT_DATABASE_URL`; the command can be repeated safely.',
  ),
  INTERNAL: entry(
    'internal',
    'Something failed that should not fail.',
    'Report it with the printed cause; it is a bug.',
  ),
  WRONG_CHAIN_ID: entry(
    'input',
    'The node serves another chain than the one configured.',
    'Correct `PROVENANT_RPC_URL` or `PROVENANT_CHAIN_ID`; nothing was written.',
  ),
} as const satisfies Record<string, ErrorEntry>

export type ErrorCode = keyof typeof errorCodes
