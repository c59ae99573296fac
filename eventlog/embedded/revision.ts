/**
 * Revision of the event that ends a tombstoned stream, the largest signed 64-bit number; as a
 * JavaScript number it is rounded up by one.
 */
export const TOMBSTONE_REVISION = 2 ** 63

const TOMBSTONE_TEXT = '9223372036854775807'

/** Writes a revision for the wire and the database. */
export const revisionText = (revision: number): string =>
  revision >= TOMBSTONE_REVISION ? TOMBSTONE_TEXT : String(revision)
