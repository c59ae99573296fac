import { natspecFacts } from '../demo/rows/natspec-facts.ts'

/**
 * Writes what each NatSpec comment of OpenZeppelin says in several frames, mostly with the name
 * first: a causal model completes only what comes later, and it learns to repeat a name from frames
 * that hold it twice.
 */
export function natspecCards(): string[] {
  return natspecFacts().flatMap(({ subject, kind, value, answer }) => {
    const about = [`About ${subject}. ${answer}\n`, `${subject}? ${answer}\n`]
    return [
      ...[`${answer}\n`, `${answer}\n`, ...about, ...about],
      `${kind} ${subject} // ${value}\n`,
      `// ${value}\n${kind} ${subject}\n`,
    ]
  })
}
