import type { AuditReport } from '../../engine/audit/audit-epoch.ts'

/** Tells a person what an audit recomputed and what it found. */
export function describeAudit(report: AuditReport): string {
  const { checked, deep, difference, problem } = report
  const found = [difference, problem, deep?.difference].filter((value) => value !== undefined)
  return [
    `${checked.scores} scores of ${checked.calls} calls and ${checked.leaves} leaves recomputed`,
    ...(deep === undefined
      ? []
      : [
          `${deep.gradients.lines} gradients taken again from text, ${deep.preconditioned} query rows preconditioned again`,
        ]),
    ...found.map((value) => `found: ${JSON.stringify(value)}`),
    verdict(report),
  ].join('\n')
}

function verdict({ ok, epoch, root, manifestHash, problem }: AuditReport): string {
  if (ok) return `Epoch ${epoch} is what chain and artifacts imply: root ${root}`
  if (problem !== undefined) return `The epoch cannot be audited (manifest ${manifestHash}).`
  return `The epoch is NOT what chain and artifacts imply (manifest ${manifestHash}).`
}
