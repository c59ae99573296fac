import type { CreateReq, UpdateReq } from '@eventstore/db-client/generated/persistent_pb.js'
import type { EventFilterSpec } from '../read-filter.ts'

/** How a group chooses among its consumers, in the order of the wire numbers. */
export const strategies = ['DispatchToSingle', 'RoundRobin', 'Pinned'] as const

export interface GroupSettings {
  readonly filter?: EventFilterSpec
  /** As asked for: a revision, a position, 0 or -1 for the end. */
  readonly startFrom: string
  readonly maxRetryCount: number
  /** 0: a message never times out. */
  readonly messageTimeoutMs: number
  readonly checkpointAfterMs: number
  readonly minCheckpointCount: number
  readonly maxCheckpointCount: number
  /** 0: any number. */
  readonly maxSubscriberCount: number
  readonly liveBufferSize: number
  readonly readBatchSize: number
  readonly historyBufferSize: number
  readonly strategy: (typeof strategies)[number]
}

const TICKS_PER_MS = 10_000

export function readGroupSettings(
  settings: CreateReq.Settings | UpdateReq.Settings,
  startFrom: string,
  filter?: EventFilterSpec,
): GroupSettings {
  return {
    ...(filter ? { filter } : {}),
    startFrom,
    maxRetryCount: settings.getMaxRetryCount(),
    messageTimeoutMs: settings.hasMessageTimeoutTicks()
      ? Number(settings.getMessageTimeoutTicks()) / TICKS_PER_MS
      : settings.getMessageTimeoutMs(),
    checkpointAfterMs: settings.hasCheckpointAfterTicks()
      ? Number(settings.getCheckpointAfterTicks()) / TICKS_PER_MS
      : settings.getCheckpointAfterMs(),
    minCheckpointCount: settings.getMinCheckpointCount(),
    maxCheckpointCount: settings.getMaxCheckpointCount(),
    maxSubscriberCount: settings.getMaxSubscriberCount(),
    liveBufferSize: settings.getLiveBufferSize(),
    readBatchSize: settings.getReadBatchSize(),
    historyBufferSize: Math.max(1, settings.getHistoryBufferSize()),
    strategy: strategies[settings.getNamedConsumerStrategy()] ?? 'RoundRobin',
  }
}
