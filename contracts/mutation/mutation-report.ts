import { type KnownSurvivor, reasonFor } from './known-survivors.ts'
import type { Mutant, OperatorName } from './mutant.ts'
import type { Outcome } from './test-mutant.ts'

interface Survivor {
  readonly id: string
  readonly file: string
  readonly line: number
  readonly scope: string
  readonly operator: OperatorName
  readonly original: string
  readonly mutated: string
  /** Null if nobody has written down why no test can kill it. */
  readonly reason: string | null
}

/** What a mutation run found; `--json` prints it. */
export interface MutationReport {
  /** Tested ones that compile. */
  readonly mutants: number
  readonly killed: number
  readonly survivors: readonly Survivor[]
  /** Tested ones that do not compile; they count nowhere. */
  readonly invalid: number
  /** Part of `killed` that ran until it was stopped. */
  readonly timeouts: number
  /** killed / mutants, rounded down to four digits. */
  readonly rate: number
  readonly seconds: number
  /** How many mutants there are of which `chosen` were tested. */
  readonly generated: number
  readonly chosen: number
  readonly seed: string
  readonly byFile: Readonly<Record<string, { readonly mutants: number; readonly killed: number }>>
  readonly byOperator: Readonly<
    Record<string, { readonly mutants: number; readonly killed: number }>
  >
}

/** The share of mutants that must be killed unless every survivor has a written reason. */
export const goalRate = 0.95

/** Sums up the outcomes of a run. */
export function createMutationReport(run: {
  readonly outcomes: ReadonlyMap<Mutant, Outcome>
  readonly known: readonly KnownSurvivor[]
  readonly generated: number
  readonly seed: string
  readonly seconds: number
}): MutationReport {
  const all = [...run.outcomes]
  const valid = all.filter(([, { kind }]) => kind !== 'invalid')
  const survivors = valid.filter(([, { kind }]) => kind === 'survived')
  const killed = valid.length - survivors.length
  return {
    mutants: valid.length,
    killed,
    survivors: survivors.map(([mutant]) => ({
      id: mutant.id,
      file: mutant.file,
      line: mutant.line,
      scope: mutant.scope,
      operator: mutant.operator,
      original: mutant.original,
      mutated: mutant.mutated,
      reason: reasonFor(run.known, mutant) ?? null,
    })),
    invalid: all.length - valid.length,
    timeouts: all.filter(([, { kind }]) => kind === 'timeout').length,
    rate: valid.length === 0 ? 0 : Math.floor((killed * 10_000) / valid.length) / 10_000,
    seconds: Math.round(run.seconds),
    generated: run.generated,
    chosen: all.length,
    seed: run.seed,
    byFile: countBy(valid, ({ file }) => file),
    byOperator: countBy(valid, ({ operator }) => operator),
  }
}

/** True if enough were killed, or every survivor is explained. */
export function isGoodEnough(report: MutationReport): boolean {
  return report.rate >= goalRate || report.survivors.every(({ reason }) => reason !== null)
}

function countBy(
  outcomes: readonly (readonly [Mutant, Outcome])[],
  keyOf: (mutant: Mutant) => string,
): Readonly<Record<string, { mutants: number; killed: number }>> {
  const counts: Record<string, { mutants: number; killed: number }> = {}
  for (const key of [...new Set(outcomes.map(([mutant]) => keyOf(mutant)))].sort()) {
    const own = outcomes.filter(([mutant]) => keyOf(mutant) === key)
    counts[key] = {
      mutants: own.length,
      killed: own.filter(([, { kind }]) => kind !== 'survived').length,
    }
  }
  return counts
}
