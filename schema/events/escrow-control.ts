import type { EventShapes, EventsOf } from './event-shape.ts'

/** How the escrow is set up, who may sign for a payer, and withdrawals called off. */
export const escrowControlEvents = {
  EscrowCreated: { token: 'address', rewards: 'address', ledger: 'address', thawPeriod: 'decimal' },
  EscrowThawCancelled: { payer: 'address', operator: 'address', amount: 'decimal' },
  SignerSet: {
    payer: 'address',
    key: 'address',
    validUntil: 'decimal',
    cap: 'decimal',
    spent: 'decimal',
  },
  EscrowPausedSet: { paused: 'flag' },
} as const satisfies EventShapes

export type EscrowControlEvent = EventsOf<typeof escrowControlEvents>
