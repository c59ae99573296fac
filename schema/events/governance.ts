import type { EventShapes, EventsOf } from './event-shape.ts'

/** Proposals of governance, votes on them, and what the timelock does with them. */
export const governorEvents = {
  GovernorCreated: { votes: 'address', quorumFloor: 'decimal' },
  GovernanceProposed: {
    proposalId: 'decimal',
    proposer: 'address',
    targets: 'addresses',
    values: 'decimals',
    signatures: 'texts',
    calldatas: 'hexes',
    voteStart: 'decimal',
    voteEnd: 'decimal',
    description: 'text',
  },
  GovernanceExtended: { proposalId: 'decimal', extendedDeadline: 'decimal' },
  GovernanceQueued: { proposalId: 'decimal', etaSeconds: 'decimal' },
  GovernanceExecuted: { proposalId: 'decimal' },
  GovernanceCanceled: { proposalId: 'decimal' },
  GovernanceVoteCast: {
    voter: 'address',
    proposalId: 'decimal',
    support: 'number',
    weight: 'decimal',
    reason: 'text',
  },
  GovernanceVoteCastWithParams: {
    voter: 'address',
    proposalId: 'decimal',
    support: 'number',
    weight: 'decimal',
    reason: 'text',
    params: 'hex',
  },
  ProposalThresholdSet: { oldProposalThreshold: 'decimal', newProposalThreshold: 'decimal' },
  QuorumNumeratorUpdated: { oldQuorumNumerator: 'decimal', newQuorumNumerator: 'decimal' },
  LateQuorumVoteExtensionSet: { oldVoteExtension: 'decimal', newVoteExtension: 'decimal' },
  VotingDelaySet: { oldVotingDelay: 'decimal', newVotingDelay: 'decimal' },
  VotingPeriodSet: { oldVotingPeriod: 'decimal', newVotingPeriod: 'decimal' },
  TimelockChange: { oldTimelock: 'address', newTimelock: 'address' },
} as const satisfies EventShapes

export const timelockEvents = {
  TimelockCallScheduled: {
    id: 'hex',
    index: 'decimal',
    target: 'address',
    value: 'decimal',
    data: 'hex',
    predecessor: 'hex',
    delay: 'decimal',
  },
  TimelockCallExecuted: {
    id: 'hex',
    index: 'decimal',
    target: 'address',
    value: 'decimal',
    data: 'hex',
  },
  TimelockCallSalt: { id: 'hex', salt: 'hex' },
  TimelockCancelled: { id: 'hex' },
  TimelockMinDelayChange: { oldDuration: 'decimal', newDuration: 'decimal' },
  TimelockRoleAdminChanged: { role: 'hex', previousAdminRole: 'hex', newAdminRole: 'hex' },
  TimelockRoleGranted: { role: 'hex', account: 'address', sender: 'address' },
  TimelockRoleRevoked: { role: 'hex', account: 'address', sender: 'address' },
} as const satisfies EventShapes

export type GovernanceEvent = EventsOf<typeof governorEvents & typeof timelockEvents>
