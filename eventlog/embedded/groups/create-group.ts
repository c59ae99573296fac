import type { CreateReq } from '@eventstore/db-client/generated/persistent_pb.js'
import type { LogStore } from '../log-store.ts'
import { type EventFilterSpec, readFilterSpec, toPredicate } from '../read-filter.ts'
import { invalidArgument } from '../service-error.ts'
import { readText } from '../wire.ts'
import { groupExists } from './group-errors.ts'
import type { GroupRegistry } from './group-registry.ts'
import { readGroupSettings } from './group-settings.ts'
import { readSource } from './read-source.ts'

/** The unsigned value the client sends for "from the end" in the deprecated field. */
const END_REVISION = '18446744073709551615'

/** Creates a group that starts at a revision or position inclusive, at the start or at the end. */
export async function createGroup(
  log: LogStore,
  groups: GroupRegistry,
  options: CreateReq.Options | undefined,
): Promise<void> {
  const settings = options?.getSettings()
  if (options === undefined || settings === undefined) {
    throw invalidArgument('a group has no options or no settings')
  }
  const source = readSource(options)
  const name = readText('group name', options.getGroupName())
  const start =
    source === '$all' ? startOfAll(log, options) : await startOfStream(log, options, source)
  const read = readGroupSettings(settings, start.asked, start.filter)
  const group = await groups.create(source, name, read, start.after)
  if (group === undefined) throw groupExists(source, name)
}

interface Start {
  readonly after: number
  readonly asked: string
  readonly filter?: EventFilterSpec
}

function startOfAll(log: LogStore, options: CreateReq.Options): Start {
  const all = options.getAll()
  const wireFilter = all?.getFilter()
  const filter = wireFilter && readFilterSpec(wireFilter)
  // An expression that does not compile must fail here, not in every later read.
  if (filter) toPredicate(filter)
  const rest = filter ? { filter } : {}
  if (all?.hasStart()) return { after: 0, asked: 'C:0/P:0', ...rest }
  if (all?.hasEnd()) return { after: log.writer.tail.head(), asked: 'C:-1/P:-1', ...rest }
  const position = Number(all?.getPosition()?.getCommitPosition() ?? 0)
  return { after: Math.max(0, position - 1), asked: `C:${position}/P:${position}`, ...rest }
}

async function startOfStream(
  log: LogStore,
  options: CreateReq.Options,
  stream: string,
): Promise<Start> {
  const modern = options.getStream()
  const revision = modern
    ? modern.hasEnd()
      ? END_REVISION
      : modern.getRevision()
    : (options.getSettings()?.getRevision() ?? '0')
  if (revision === END_REVISION) {
    const state = await log.reader.readState(stream)
    return { after: state?.head ?? -1, asked: '-1' }
  }
  return { after: Number(revision || 0) - 1, asked: revision || '0' }
}
