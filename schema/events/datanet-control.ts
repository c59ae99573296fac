import type { EventShapes, EventsOf } from './event-shape.ts'

/** Changes of a Datanet, access to it, and what validators say of contributions. */
export const datanetControlEvents = {
  DatanetConfigured: { datanetId: 'decimal', kind: 'number', admission: 'number' },
  DatanetUpdated: {
    datanetId: 'decimal',
    version: 'number',
    metaHash: 'hex',
    uri: 'text',
    admission: 'number',
  },
  DatanetOwnerOffered: { datanetId: 'decimal', owner: 'address', to: 'address' },
  DatanetOwnerChanged: { datanetId: 'decimal', oldOwner: 'address', newOwner: 'address' },
  DatanetStatusChanged: { datanetId: 'decimal', oldStatus: 'number', newStatus: 'number' },
  AccessRequested: { datanetId: 'decimal', account: 'address', purposeHash: 'hex' },
  AccessGranted: { datanetId: 'decimal', account: 'address', expiry: 'decimal' },
  AccessRevoked: { datanetId: 'decimal', account: 'address', by: 'address' },
  ContributionValidated: {
    datanetId: 'decimal',
    contributionId: 'decimal',
    validator: 'address',
    scoreBps: 'number',
    reportHash: 'hex',
    scores: 'number',
    scoreSumBps: 'decimal',
  },
  ContributionRevoked: {
    datanetId: 'decimal',
    contributionId: 'decimal',
    by: 'address',
    reasonCode: 'number',
  },
  ContributionPenalised: {
    datanetId: 'decimal',
    contributionId: 'decimal',
    validator: 'address',
    reasonCode: 'number',
    points: 'number',
  },
  ContributorStandingChanged: {
    datanetId: 'decimal',
    contributor: 'address',
    accepted: 'number',
    rejected: 'number',
    revoked: 'number',
    penaltyPoints: 'decimal',
  },
  DatanetsPausedSet: { paused: 'flag' },
} as const satisfies EventShapes

export type DatanetControlEvent = EventsOf<typeof datanetControlEvents>
