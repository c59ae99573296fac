import { status } from '@grpc/grpc-js'
import { serviceError } from '../service-error.ts'

const trailers = (exception: string, source: string, group: string) => ({
  exception,
  'stream-name': source,
  'group-name': group,
})

export const groupExists = (source: string, group: string) =>
  serviceError(
    status.ALREADY_EXISTS,
    `group ${group} on ${source} exists`,
    trailers('persistent-subscription-exists', source, group),
  )

export const groupMissing = (source: string, group: string) =>
  serviceError(
    status.NOT_FOUND,
    `group ${group} on ${source} does not exist`,
    trailers('persistent-subscription-does-not-exist', source, group),
  )

export const groupDropped = (source: string, group: string) =>
  serviceError(
    status.CANCELLED,
    `group ${group} on ${source} was deleted`,
    trailers('persistent-subscription-dropped', source, group),
  )

export const groupFull = (source: string, group: string) =>
  serviceError(
    status.FAILED_PRECONDITION,
    `group ${group} on ${source} has all its consumers`,
    trailers('maximum-subscribers-reached', source, group),
  )
