import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { stabilizeTypeIdentifier } from '@openzeppelin/upgrades-core'
import { unfoldStorageLayout } from '@openzeppelin/upgrades-core/dist/validate/query.js'
import topics from '../abi/topics.json' with { type: 'json' }
import { analyseSources } from './analyse-sources.ts'
import type { StorageLayout } from './storage-layout.ts'

type StorageItem = StorageLayout['storage'][number]

/**
 * Reads the storage layout of every deployed contract of ours from its source.
 *
 * @returns By contract. Type names carry no compiler ids, so a layout changes only with the storage.
 */
export function readStorageLayouts(): ReadonlyMap<string, StorageLayout> {
  const names = Object.keys(topics).filter((name) =>
    existsSync(join(import.meta.dirname, '..', sourceOf(name))),
  )
  const analysis = analyseSources(names.map(sourceOf))
  return new Map(
    names.map((name) => [
      name,
      stabilise(unfoldStorageLayout(analysis, `${sourceOf(name)}:${name}`)),
    ]),
  )
}

function sourceOf(name: string): string {
  return `src/${name}.sol`
}

function stabilise({ storage, types, namespaces }: StorageLayout): StorageLayout {
  return {
    storage: storage.map(stableItem),
    namespaces: Object.fromEntries(
      Object.entries(namespaces ?? {})
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([id, items]) => [id, items.map(stableItem)]),
    ),
    types: stableTypes(types),
  }
}

function stableTypes(types: StorageLayout['types']): StorageLayout['types'] {
  const result: StorageLayout['types'] = {}
  for (const [id, { members, ...type }] of Object.entries(types).toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  )) {
    const stableId = stabilizeTypeIdentifier(id)
    const stableType = {
      ...type,
      ...(members && { members: members.map(stableMember) as typeof members }),
    }
    const other = result[stableId]
    if (other !== undefined && JSON.stringify(other) !== JSON.stringify(stableType))
      throw new TypeError(`two storage types are called ${stableId}`)
    result[stableId] = stableType
  }
  return result
}

function stableMember<Member extends string | { readonly type: string }>(member: Member): Member {
  if (typeof member === 'string') return member
  return { ...(member as object), type: stabilizeTypeIdentifier(member.type) } as Member
}

// Line numbers would change a layout with every comment.
function stableItem({ src, ...item }: StorageItem): StorageItem {
  return { ...item, type: stabilizeTypeIdentifier(item.type) } as StorageItem
}
