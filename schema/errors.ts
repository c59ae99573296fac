import { type ErrorCode, errorCodes } from './error-codes.ts'

/** What kind of failure an error is; the exit code and the retry policy follow from it. */
export type ErrorClass = 'usage' | 'input' | 'conflict' | 'integrity' | 'unavailable' | 'internal'

/** Process exit code per error class (75 is `EX_TEMPFAIL` of sysexits.h: try again later). */
export const exitCodes: Readonly<Record<ErrorClass, number>> = {
  usage: 2,
  input: 3,
  conflict: 4,
  integrity: 5,
  unavailable: 75,
  internal: 70,
}

type Facts = Readonly<Record<string, string | number | bigint | boolean | undefined>>

/**
 * Carries every expected failure: a stable code, one sentence, facts, a docs link and the cause.
 *
 * Codes are compared, never `instanceof`: classes do not survive worker threads or HTTP.
 *
 * @example
 * throw new BaseError('UNKNOWN_MODEL', { facts: { model: 'oz@9' } })
 */
export class BaseError extends Error {
  readonly code: ErrorCode
  readonly facts: Facts

  constructor(code: ErrorCode, options: { facts?: Facts; cause?: unknown } = {}) {
    const facts = options.facts ?? {}
    const lines = Object.entries(facts).flatMap(([key, value]) =>
      value === undefined ? [] : [`  ${key}: ${value}`],
    )
    super(
      [errorCodes[code].sentence, ...lines, `  docs: docs/errors.md#${code.toLowerCase()}`].join(
        '\n',
      ),
      options.cause === undefined ? {} : { cause: options.cause },
    )
    this.name = code
    this.code = code
    this.facts = facts
  }

  /** The class of the error; `unavailable` may succeed when tried again. */
  get class(): ErrorClass {
    return errorCodes[this.code].class
  }

  get retryable(): boolean {
    return this.class === 'unavailable'
  }

  get exitCode(): number {
    return exitCodes[this.class]
  }

  /** The shape that crosses HTTP and worker threads. */
  toJSON(): { code: string; message: string; facts: Record<string, string>; docs: string } {
    return {
      code: this.code,
      message: errorCodes[this.code].sentence,
      facts: Object.fromEntries(
        Object.entries(this.facts).flatMap(([k, v]) => (v === undefined ? [] : [[k, String(v)]])),
      ),
      docs: `docs/errors.md#${this.code.toLowerCase()}`,
    }
  }
}

/** True if `error` carries one of the stable codes, also after it crossed a thread. */
export function isErrorWithCode(error: unknown, code?: ErrorCode): error is { code: ErrorCode } {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false
  return code === undefined ? String(error.code) in errorCodes : error.code === code
}
