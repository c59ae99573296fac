import type { SubscriptionInfo } from '@eventstore/db-client/generated/persistent_pb.js'
import persistent from '@eventstore/db-client/generated/persistent_pb.js'
import type { ConsumerGroup } from './consumer-group.ts'

/** Describes a group to a client; rates are not measured and stay 0. */
export function describeGroup(group: ConsumerGroup, parked: number): SubscriptionInfo {
  const { source, name, settings } = group.record
  const { inFlight, waiting, checkpoint } = group.stats()
  const info = new persistent.SubscriptionInfo()
  info.setEventSource(source)
  info.setGroupName(name)
  info.setStatus('Live')
  info.setStartFrom(settings.startFrom)
  info.setMessageTimeoutMilliseconds(settings.messageTimeoutMs)
  info.setMaxRetryCount(settings.maxRetryCount)
  info.setLiveBufferSize(settings.liveBufferSize)
  info.setBufferSize(settings.historyBufferSize)
  info.setReadBatchSize(settings.readBatchSize)
  info.setCheckPointAfterMilliseconds(settings.checkpointAfterMs)
  info.setMinCheckPointCount(settings.minCheckpointCount)
  info.setMaxCheckPointCount(settings.maxCheckpointCount)
  info.setMaxSubscriberCount(settings.maxSubscriberCount)
  info.setNamedConsumerStrategy(settings.strategy)
  info.setLastCheckpointedEventPosition(placeText(source, checkpoint))
  info.setRetryBufferCount(waiting)
  info.setTotalInFlightMessages(inFlight)
  info.setOutstandingMessagesCount(inFlight + waiting)
  info.setParkedMessageCount(String(parked))
  info.setTotalItems('0')
  info.setCountSinceLastMeasurement('0')
  info.setLiveBufferCount('0')
  for (const consumer of group.consumers) {
    const connection = new persistent.SubscriptionInfo.ConnectionInfo()
    connection.setAvailableSlots(consumer.bufferSize - consumer.inFlight)
    connection.setInFlightMessages(consumer.inFlight)
    connection.setTotalItems('0')
    connection.setCountSinceLastMeasurement('0')
    info.addConnections(connection)
  }
  return info
}

function placeText(source: string, place: number): string {
  if (source === '$all') return place > 0 ? `C:${place}/P:${place}` : ''
  return place < 0 ? '' : String(place)
}
