import { EntitySchema } from 'typeorm'
import type { Decimal, Hex } from '../events/event.ts'
import { amount, counter, integer, text } from './column-types.ts'

/** Decisions about the contributions of an account to a Datanet. */
export class ContributorStanding {
  declare datanetId: Decimal
  declare contributor: Hex
  declare accepted: number
  declare rejected: number
  declare revoked: number
  declare penaltyPoints: bigint
}

export const contributorStandingEntity = new EntitySchema<ContributorStanding>({
  name: 'ContributorStanding',
  target: ContributorStanding,
  tableName: 'contributor_standing',
  columns: {
    datanetId: counter('datanet_id', { primary: true }),
    contributor: text('contributor', { primary: true }),
    accepted: integer('accepted'),
    rejected: integer('rejected'),
    revoked: integer('revoked'),
    penaltyPoints: amount('penalty_points'),
  },
})
