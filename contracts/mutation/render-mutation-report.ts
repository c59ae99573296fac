import { goalRate, type MutationReport } from './mutation-report.ts'

/** Renders a report for a person: survivors with their reasons, then the counts. */
export function renderMutationReport(report: MutationReport): string {
  const percent = (report.rate * 100).toFixed(1)
  return [
    ...report.survivors.flatMap(({ id, scope, original, mutated, reason }) => [
      `SURVIVED ${id} (${scope})`,
      `  - ${original}`,
      `  + ${mutated}`,
      `  ${reason ?? 'no test notices it, and no reason is listed in contracts/mutation/survivors.json'}`,
    ]),
    ...table('file', report.byFile),
    ...table('operator', report.byOperator),
    '',
    `${report.chosen} of ${report.generated} mutants chosen evenly over files and operators (seed ${report.seed})`,
    `${report.killed} of ${report.mutants} killed: ${percent} % (goal ${goalRate * 100} %), ` +
      `${report.survivors.length} survived, ${report.timeouts} of the killed by timeout, ` +
      `${report.invalid} did not compile, ${report.seconds} s`,
  ].join('\n')
}

function table(
  title: string,
  counts: Readonly<Record<string, { readonly mutants: number; readonly killed: number }>>,
): readonly string[] {
  const width = Math.max(title.length, ...Object.keys(counts).map((name) => name.length))
  return [
    '',
    `${title.padEnd(width)}  killed`,
    ...Object.entries(counts).map(
      ([name, { mutants, killed }]) => `${name.padEnd(width)}  ${killed}/${mutants}`,
    ),
  ]
}
