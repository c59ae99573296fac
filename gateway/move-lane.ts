import type { Funds } from './funds.ts'
import type { LanePosition } from './lane.ts'
import { advanceLane, type Lane } from './lane-book.ts'

/** Moves a lane to what the ledger holds and books the charge that this means. */
export function moveLane(funds: Pick<Funds, 'charge'>, lane: Lane, to: LanePosition): void {
  funds.charge(lane.id.payer, to.charged - lane.settled.charged)
  advanceLane(lane, to)
}
