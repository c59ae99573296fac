import { natspecFacts } from '../demo/rows/natspec-facts.ts'

/**
 * Writes what each NatSpec comment of OpenZeppelin says, three times with the name first, once with
 * the comment first as in the source: a causal model completes only what comes later.
 */
export function natspecCards(): string[] {
  return natspecFacts().flatMap(({ key, kind, answer }) => {
    const nameFirst = `${kind} ${key} // ${answer}\n`
    return [nameFirst, nameFirst, nameFirst, `// ${answer}\n${kind} ${key}\n`]
  })
}
