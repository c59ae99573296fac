import { randomUUID } from 'node:crypto'
import type { NewEvent } from '../../eventlog/client/event-log.ts'

/** The event of about 40 bytes that the prototype was measured with. */
export const smallEvents = (from: number, count: number): NewEvent[] =>
  Array.from({ length: count }, (_, i) => ({
    id: randomUUID(),
    type: 'InferenceCalled',
    data: { i: from + i, fee: '1000' },
    metadata: { block: from + i },
  }))
