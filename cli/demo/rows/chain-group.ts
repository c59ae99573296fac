/** Names the contributor that uploads the facts of a chain: one per block of first letters. */
export function chainGroup(name: string): string {
  const first = name[0]!.toLowerCase()
  const block = ['0-b', 'c-f', 'g-l', 'm-p', 'q-s', 't-z'].find((range) => first <= range[2]!)
  return `chains ${block ?? 't-z'}`
}
