/** What the metadata of a stream says about which of its events are still there. */
export interface StreamLimits {
  /** First revision that may be read; `DELETED` in a deleted stream. */
  readonly truncateBefore: number
  readonly maxCount: number | undefined
  readonly maxAgeSeconds: number | undefined
}

/** `$tb` of a deleted stream is 2^63 - 1, which is no exact JavaScript number. */
export const DELETED = 2 ** 63
const DELETED_TEXT = /"\$tb"\s*:\s*9223372036854775807\s*[,}]/

export const noLimits: StreamLimits = {
  truncateBefore: 0,
  maxCount: undefined,
  maxAgeSeconds: undefined,
}

/** A metadata stream shows its newest event only. */
export const metastreamLimits: StreamLimits = { ...noLimits, maxCount: 1 }

/**
 * Reads the limits of a `$metadata` event. What is not a JSON object limits nothing, and neither does
 * a number that is not a positive integer, as in EventStoreDB.
 */
export function readLimits(data: Buffer): StreamLimits {
  const text = data.toString('utf8')
  const fields = parseObject(text)
  if (fields === undefined) return noLimits
  const from = fields['$tb']
  return {
    truncateBefore: DELETED_TEXT.test(text) ? DELETED : (positive(from) ?? 0),
    maxCount: positive(fields['$maxCount']),
    maxAgeSeconds: positive(fields['$maxAge']),
  }
}

/** Metadata with another `$tb` and everything else as it was. */
export function truncateMetadata(data: Buffer, truncateBefore: number): Buffer {
  const fields = parseObject(data.toString('utf8')) ?? {}
  return Buffer.from(JSON.stringify({ ...fields, $tb: truncateBefore }))
}

export const isLimited = (limits: StreamLimits): boolean =>
  limits.truncateBefore > 0 || limits.maxCount !== undefined || limits.maxAgeSeconds !== undefined

/** The first revision that truncation and count leave, not looking at age. */
export const firstByCount = (limits: StreamLimits, head: number): number =>
  Math.max(
    limits.truncateBefore,
    limits.maxCount === undefined ? 0 : Math.max(0, head - limits.maxCount + 1),
  )

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

const positive = (value: unknown): number | undefined =>
  Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : undefined
