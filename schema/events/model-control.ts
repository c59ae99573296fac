import type { EventShapes, EventsOf } from './event-shape.ts'

/** Status and lineage of models, and measured linear datamodeling scores of their runs. */
export const modelControlEvents = {
  DatanetsSet: { datanets: 'address' },
  ModelStatusChanged: { modelId: 'decimal', oldStatus: 'number', newStatus: 'number' },
  VersionLineage: {
    modelId: 'decimal',
    version: 'number',
    baseModelHash: 'hex',
    parentModels: 'decimals',
    parentVersions: 'decimals',
  },
  LdsRecorded: {
    runId: 'decimal',
    modelId: 'decimal',
    by: 'address',
    ldsMicros: 'number',
    queries: 'number',
    reportHash: 'hex',
    byTrainer: 'flag',
  },
  ModelsPausedSet: { paused: 'flag' },
} as const satisfies EventShapes

export type ModelControlEvent = EventsOf<typeof modelControlEvents>
