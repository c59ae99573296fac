import type { StreamIdentifier } from '@eventstore/db-client/generated/shared_pb.js'
import { readStreamName } from '../wire.ts'

interface WireSource {
  hasAll(): boolean
  getStreamIdentifier(): StreamIdentifier | undefined
  getStream?(): { getStreamIdentifier(): StreamIdentifier | undefined } | undefined
}

/** What a group reads: `$all` or a stream, which clients name in one of two fields. */
export function readSource(options: WireSource): string {
  if (options.hasAll()) return '$all'
  const stream = options.getStream?.()?.getStreamIdentifier() ?? options.getStreamIdentifier()
  return readStreamName(stream)
}
