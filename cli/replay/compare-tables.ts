import type { TableHash } from '../../indexer/project/table-hashes.ts'

/** Names the tables whose rows differ between two databases. */
export function compareTables(
  live: Readonly<Record<string, TableHash>>,
  replayed: Readonly<Record<string, TableHash>>,
): readonly string[] {
  const names = [...new Set([...Object.keys(live), ...Object.keys(replayed)])].sort()
  return names.flatMap((name) => {
    const [a, b] = [live[name], replayed[name]]
    return a?.hash === b?.hash && a?.rows === b?.rows
      ? []
      : [`${name}: ${a?.rows ?? 'no'} rows live, ${b?.rows ?? 'no'} rows replayed`]
  })
}
