const small = new Set(['crosschain', 'finance', 'metatx', 'vendor'])

/** Names the contributor that uploads the NatSpec of a file: its top folder, small ones together. */
export function natspecGroup(folder: string): string {
  return small.has(folder) ? 'oz crosschain, finance, metatx' : `oz ${folder}`
}
