/** Blocks of a day, one every two seconds. */
export const blocksPerDay = 43_200

/** Seconds between blocks. */
export const blockSeconds = 2

/** Events of the block: none at night, six at noon, and a crowd of 300 every hour and a half. */
export function eventsOfBlock(block: number, day = blocksPerDay): number {
  if (block % 2700 === 1350) return 300
  const height = Math.max(0, 1 - Math.abs((4 * block) / day - 2))
  return Math.round(6 * height * ((block * 7) % 3 === 0 ? 0 : 1))
}

/** What happens to the chain besides blocks. */
export type Incident =
  /** The newest blocks are replaced by as many others. */
  | { readonly kind: 'reorg'; readonly depth: number }
  /** The chain is cut off and goes on from there. */
  | { readonly kind: 'cut'; readonly depth: number }
  | { readonly kind: 'restart' }

const incidents: readonly (readonly [share: number, incident: Incident])[] = [
  [0.1, { kind: 'reorg', depth: 1 }],
  [0.25, { kind: 'reorg', depth: 7 }],
  [0.4, { kind: 'restart' }],
  [0.5, { kind: 'cut', depth: 5 }],
  [0.65, { kind: 'reorg', depth: 20 }],
  [0.8, { kind: 'reorg', depth: 3 }],
  [0.9, { kind: 'cut', depth: 15 }],
]

/** Incidents by block of a run of so many blocks. */
export const incidentsOf = (blocks: number): ReadonlyMap<number, Incident> =>
  new Map(incidents.map(([share, incident]) => [Math.floor(share * blocks), incident]))
