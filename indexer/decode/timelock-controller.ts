import { timelockControllerAbi } from '../../contracts/abi/timelock-controller.ts'
import { timelockEvents } from '../../schema/events/governance.ts'
import { eventDecoders } from './event-decoders.ts'
import { logDecoder } from './log-decoder.ts'
import { meaningsOf } from './meanings-of.ts'

const events = eventDecoders(timelockControllerAbi)

/** Facts of the timelock. */
export const decodeTimelockController = logDecoder([
  ...meaningsOf(events, timelockEvents, {
    TimelockCallScheduled: 'CallScheduled',
    TimelockCallExecuted: 'CallExecuted',
    TimelockCallSalt: 'CallSalt',
    TimelockCancelled: 'Cancelled',
    TimelockMinDelayChange: 'MinDelayChange',
    TimelockRoleAdminChanged: 'RoleAdminChanged',
    TimelockRoleGranted: 'RoleGranted',
    TimelockRoleRevoked: 'RoleRevoked',
  }),
])
