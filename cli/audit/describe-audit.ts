import type { AuditReport } from '../../engine/audit/audit-epoch.ts'

/** Tells a person what an audit recomputed and what it found. */
export function describeAudit(report: AuditReport): string {
  const { ok, epoch, root, checked, deep, difference, problem } = report
  const found = [difference, problem, deep?.difference].filter((value) => value !== undefined)
  return [
    `${checked.scores} scores of ${checked.calls} calls and ${checked.leaves} leaves recomputed`,
    ...(deep === undefined
      ? []
      : [
          `${deep.gradients.lines} gradients taken again from text, ${deep.preconditioned} query rows preconditioned again`,
        ]),
    ...found.map((value) => `found: ${JSON.stringify(value)}`),
    ok
      ? `Epoch ${epoch} is what chain and artifacts imply: root ${root}`
      : `The epoch is NOT what chain and artifacts imply (manifest ${report.manifestHash}).`,
  ].join('\n')
}
