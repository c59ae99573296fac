import { EntitySchema } from 'typeorm'
import type { Decimal } from '../events/event.ts'
import { counter, text } from './column-types.ts'

/** Place in the event log up to which a projection holds everything. */
export class ProjectionCheckpoint {
  declare name: string
  declare position: Decimal
}

export const projectionCheckpointEntity = new EntitySchema<ProjectionCheckpoint>({
  name: 'ProjectionCheckpoint',
  target: ProjectionCheckpoint,
  tableName: 'projection_checkpoint',
  columns: {
    name: text('name', { primary: true }),
    position: counter('position'),
  },
})
