import type {
  EngineMetadata,
  EpochClosed,
  GradientSegmentIndexed,
  InferenceAttributed,
  PreconditionerFitted,
} from '../../schema/events/attribution.ts'
import { eventId } from '../../schema/events/event-id.ts'
import type { IdentifiedEvent } from './engine-stream.ts'

/** Builds a `GradientSegmentIndexed`; its id says which segment of which method. */
export const gradientSegmentIndexed = (
  data: GradientSegmentIndexed['data'],
  metadata: EngineMetadata,
): IdentifiedEvent => ({
  id: idOf('gradient-segment', metadata, data.modelId, data.version, data.checkpoint, data.segment),
  type: 'GradientSegmentIndexed',
  data,
  metadata,
})

export const preconditionerFitted = (
  data: PreconditionerFitted['data'],
  metadata: EngineMetadata,
): IdentifiedEvent => ({
  id: idOf('preconditioner', metadata, data.modelId, data.version, data.checkpoint),
  type: 'PreconditionerFitted',
  data,
  metadata,
})

/** Builds an `InferenceAttributed`; after a rejected epoch a call is attributed again in another. */
export const inferenceAttributed = (
  data: InferenceAttributed['data'],
  metadata: EngineMetadata,
): IdentifiedEvent => ({
  id: idOf('attribution', metadata, data.epoch, data.callId),
  type: 'InferenceAttributed',
  data,
  metadata,
})

export const epochClosed = (
  data: EpochClosed['data'],
  metadata: EngineMetadata,
): IdentifiedEvent => ({
  id: idOf('epoch-closed', metadata, data.epoch),
  type: 'EpochClosed',
  data,
  metadata,
})

const idOf = (kind: string, metadata: EngineMetadata, ...parts: readonly (string | number)[]) =>
  eventId([kind, metadata.chainId, metadata.engineHash, ...parts])
