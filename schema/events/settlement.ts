import type { EventShapes, EventsOf } from './event-shape.ts'

/** Batches whose calls lie outside the chain behind a root, and who may record at all. */
export const settlementEvents = {
  OperatorSet: { operator: 'address', allowed: 'flag' },
  LedgerPausedSet: { paused: 'flag' },
  BatchRootCommitted: {
    batchId: 'decimal',
    operator: 'address',
    root: 'hex',
    codec: 'number',
    calls: 'number',
    dataHash: 'hex',
    daCommitment: 'hex',
  },
  BatchSettled: { batchId: 'decimal' },
  BatchDropped: { batchId: 'decimal' },
  LaneSettled: {
    payer: 'address',
    operator: 'address',
    modelId: 'decimal',
    termsVersion: 'number',
    calls: 'decimal',
    charged: 'decimal',
    callsChain: 'hex',
  },
} as const satisfies EventShapes

export type SettlementEvent = EventsOf<typeof settlementEvents>
