import { z } from 'zod'
import type { RecordedEvent } from '../../eventlog/client/event-log.ts'
import { BaseError } from '../../schema/errors.ts'

/** A block by height and hash. */
export interface BlockId {
  readonly height: number
  readonly hash: string
}

/**
 * How far a chain is in the log, as the last event of every append carries it: the last final block
 * and the unfinal ones above it, without gaps. Cursor and facts cannot diverge this way.
 */
export interface ChainCursor extends BlockId {
  readonly top: readonly BlockId[]
  /** Height up to which `BlockFinalized` was said. */
  readonly announced: number
  /** Seconds since 1970 of the newest block with known time. */
  readonly timestamp: number | null
  /** Contracts whose facts the log holds up to the newest block, as `coverKey` names them. */
  readonly covers?: readonly string[] | undefined
  /** Contracts that were added and whose past is being read, and the block up to which it is. */
  readonly late?: LateProgress | undefined
}

/** How far the past of added contracts is in the log. */
export interface LateProgress extends BlockId {
  readonly covers: readonly string[]
}

/** Cursor of a chain of which nothing is in the log. */
export const emptyCursor: ChainCursor = {
  height: -1,
  hash: '0x',
  top: [],
  announced: -1,
  timestamp: null,
}

/** The newest block of a cursor, final or not. */
export const tipOf = (cursor: ChainCursor): BlockId => cursor.top.at(-1) ?? cursor

const blockSchema = z.object({ height: z.int().min(-1), hash: z.string() })
const headSchema = z.object({
  head: blockSchema.extend({
    top: z.array(blockSchema),
    announced: z.int().min(-1),
    timestamp: z.int().nullable(),
    covers: z.array(z.string()).optional(),
    late: blockSchema.extend({ covers: z.array(z.string()) }).optional(),
  }),
})

/**
 * Reads the cursor of the last event of an append.
 *
 * @throws `EVENT_LOG_CORRUPT` when the event has none.
 */
export function readCursor(event: RecordedEvent): ChainCursor {
  const parsed = headSchema.safeParse(event.metadata)
  if (!parsed.success)
    throw new BaseError('EVENT_LOG_CORRUPT', {
      facts: { stream: event.stream, revision: event.revision, expected: 'metadata.head' },
    })
  return parsed.data.head
}
