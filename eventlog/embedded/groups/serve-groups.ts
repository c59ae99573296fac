import type { IPersistentSubscriptionsServer } from '@eventstore/db-client/generated/persistent_grpc_pb.js'
import persistent from '@eventstore/db-client/generated/persistent_pb.js'
import type { StreamIdentifier } from '@eventstore/db-client/generated/shared_pb.js'
import { type sendUnaryData, status } from '@grpc/grpc-js'
import type { LogStore } from '../log-store.ts'
import { invalidArgument, serviceError, toServiceError } from '../service-error.ts'
import type { ConsumerGroup } from './consumer-group.ts'
import { createGroup } from './create-group.ts'
import { describeGroup } from './describe-group.ts'
import { groupMissing } from './group-errors.ts'
import type { GroupRegistry } from './group-registry.ts'
import { readGroupSettings } from './group-settings.ts'
import { readSource } from './read-source.ts'
import { replayParked } from './replay-parked.ts'
import { serveGroupRead } from './serve-group-read.ts'

interface NamedGroup {
  hasAll(): boolean
  getStreamIdentifier(): StreamIdentifier | undefined
  getGroupName(): string
}

/** The `PersistentSubscriptions` service of the EventStoreDB protocol. */
export function serveGroups(log: LogStore, groups: GroupRegistry): IPersistentSubscriptionsServer {
  const find = (options: NamedGroup | undefined): ConsumerGroup => {
    if (options === undefined) throw invalidArgument('the request has no options')
    const source = readSource(options)
    const group = groups.get(source, options.getGroupName())
    if (group === undefined) throw groupMissing(source, options.getGroupName())
    return group
  }
  const describe = async (group: ConsumerGroup) =>
    describeGroup(group, await groups.countParked(group))

  return {
    read: (call) => serveGroupRead(groups, call),
    create: (call, callback) =>
      answer(callback, async () => {
        await createGroup(log, groups, call.request.getOptions())
        return new persistent.CreateResp()
      }),
    update: (call, callback) =>
      answer(callback, async () => {
        const options = call.request.getOptions()
        const group = find(options)
        const settings = options?.getSettings()
        if (settings === undefined) throw invalidArgument('an update has no settings')
        const { startFrom, filter } = group.record.settings
        await groups.update(group, readGroupSettings(settings, startFrom, filter))
        return new persistent.UpdateResp()
      }),
    delete: (call, callback) =>
      answer(callback, async () => {
        await groups.remove(find(call.request.getOptions()))
        return new persistent.DeleteResp()
      }),
    getInfo: (call, callback) =>
      answer(callback, async () => {
        const response = new persistent.GetInfoResp()
        response.setSubscriptionInfo(await describe(find(call.request.getOptions())))
        return response
      }),
    list: (call, callback) =>
      answer(callback, async () => {
        const options = call.request.getOptions()?.getListForStream()
        const source =
          options &&
          (options.hasAll()
            ? '$all'
            : readSource({
                hasAll: () => false,
                getStreamIdentifier: () => options.getStream(),
              }))
        const response = new persistent.ListResp()
        response.setSubscriptionsList(await Promise.all(groups.list(source).map(describe)))
        return response
      }),
    replayParked: (call, callback) =>
      answer(callback, async () => {
        const options = call.request.getOptions()
        const limit = options?.hasStopAt() ? Number(options.getStopAt()) : Number.MAX_SAFE_INTEGER
        await replayParked(log, groups, find(options), limit)
        return new persistent.ReplayParkedResp()
      }),
    restartSubsystem: (_call, callback) =>
      callback(serviceError(status.UNIMPLEMENTED, 'there is no subsystem to restart')),
  }
}

function answer<T>(callback: sendUnaryData<T>, work: () => Promise<T>): void {
  work().then(
    (response) => callback(null, response),
    (cause) => callback(toServiceError(cause)),
  )
}
