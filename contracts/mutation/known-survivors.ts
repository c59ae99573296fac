import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Mutant } from './mutant.ts'

const entrySchema = z.strictObject({
  id: z.string(),
  scope: z.string(),
  original: z.string(),
  mutated: z.string(),
  reason: z.string().min(20),
})

/** A mutant that no test can kill, and why. */
export type KnownSurvivor = z.infer<typeof entrySchema>

/** Reads the equivalent mutants that somebody looked at and wrote a reason for. */
export async function readKnownSurvivors(
  path = join(import.meta.dirname, 'survivors.json'),
): Promise<readonly KnownSurvivor[]> {
  return z.array(entrySchema).parse(JSON.parse(await readFile(path, 'utf8')))
}

/**
 * Finds why a mutant is known to survive.
 *
 * Line and column of the id may have moved since; file, operator, function and both texts may not.
 */
export function reasonFor(known: readonly KnownSurvivor[], mutant: Mutant): string | undefined {
  return known.find(
    (entry) =>
      stable(entry.id) === stable(mutant.id) &&
      entry.scope === mutant.scope &&
      entry.original === mutant.original &&
      entry.mutated === mutant.mutated,
  )?.reason
}

/** The entries that no mutant of the present sources fits: the line was changed, the reason is void. */
export function staleSurvivors(
  known: readonly KnownSurvivor[],
  mutants: readonly Mutant[],
): readonly KnownSurvivor[] {
  return known.filter(
    (entry) => !mutants.some((mutant) => reasonFor([entry], mutant) !== undefined),
  )
}

function stable(id: string): string {
  const [file, , , operator] = id.split(':')
  return `${file}:${operator}`
}
