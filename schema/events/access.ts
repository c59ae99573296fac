import type { EventShapes, EventsOf } from './event-shape.ts'

/** Who may do what, from OpenZeppelin's AccessManager. */
export const accessEvents = {
  RoleGranted: {
    roleId: 'decimal',
    account: 'address',
    delay: 'number',
    since: 'number',
    newMember: 'flag',
  },
  RoleRevoked: { roleId: 'decimal', account: 'address' },
  RoleLabel: { roleId: 'decimal', label: 'text' },
  RoleAdminChanged: { roleId: 'decimal', admin: 'decimal' },
  RoleGuardianChanged: { roleId: 'decimal', guardian: 'decimal' },
  RoleGrantDelayChanged: { roleId: 'decimal', delay: 'number', since: 'number' },
  TargetClosed: { target: 'address', closed: 'flag' },
  TargetFunctionRoleUpdated: { target: 'address', selector: 'hex', roleId: 'decimal' },
  TargetAdminDelayUpdated: { target: 'address', delay: 'number', since: 'number' },
  OperationScheduled: {
    operationId: 'hex',
    nonce: 'number',
    schedule: 'number',
    caller: 'address',
    target: 'address',
    data: 'hex',
  },
  OperationExecuted: { operationId: 'hex', nonce: 'number' },
  OperationCanceled: { operationId: 'hex', nonce: 'number' },
} as const satisfies EventShapes

export type AccessEvent = EventsOf<typeof accessEvents>
