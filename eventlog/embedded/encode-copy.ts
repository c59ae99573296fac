import type { DraftEvent } from './log-draft.ts'
import { TOMBSTONE_REVISION } from './revision.ts'

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
const COLUMNS = 9
/** Count of columns, a length before each of them, four 64-bit numbers and a UUID. */
const FIXED_BYTES = 2 + COLUMNS * 4 + 4 * 8 + 16
/** PostgreSQL counts microseconds from 2000-01-01. */
const EPOCH_MS = 946_684_800_000

/** Columns of the table `event` in the order of `encodeCopy`. */
export const copyColumns =
  'position, stream_id, revision, id, type, content_type, data, metadata, created'

/**
 * Encodes events as the input of a binary `COPY`, in one piece: half the work of an `INSERT` for the
 * server and for us, since no payload becomes text.
 */
export function encodeCopy(events: readonly DraftEvent[]): Buffer {
  let size = SIGNATURE.length + 2
  for (const { type, contentType, data, metadata } of events) {
    size += FIXED_BYTES + 3 * type.length + 3 * contentType.length + data.length + metadata.length
  }
  const out = Buffer.allocUnsafe(size)
  let at = SIGNATURE.copy(out)

  const int64 = (value: number) => {
    at = out.writeInt32BE(8, at)
    if (value === TOMBSTONE_REVISION) {
      at = out.writeInt32BE(0x7fff_ffff, at)
      at = out.writeUInt32BE(0xffff_ffff, at)
      return
    }
    const high = Math.floor(value / 2 ** 32)
    at = out.writeInt32BE(high, at)
    at = out.writeUInt32BE(value - high * 2 ** 32, at)
  }
  const text = (value: string) => {
    const length = out.write(value, at + 4, 'utf8')
    out.writeInt32BE(length, at)
    at += 4 + length
  }
  const bytes = (value: Buffer) => {
    at = out.writeInt32BE(value.length, at)
    at += value.copy(out, at)
  }

  for (const event of events) {
    at = out.writeInt16BE(COLUMNS, at)
    int64(event.position)
    int64(event.streamId)
    int64(event.revision)
    at = out.writeInt32BE(16, at)
    at += out.write(event.id.replaceAll('-', ''), at, 'hex')
    text(event.type)
    text(event.contentType)
    bytes(event.data)
    bytes(event.metadata)
    int64((event.created - EPOCH_MS) * 1000)
  }
  at = out.writeInt16BE(-1, at)
  return out.subarray(0, at)
}
