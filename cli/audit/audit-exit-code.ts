import type { AuditReport } from '../../engine/audit/audit-epoch.ts'
import { type ErrorCode, errorCodes } from '../../schema/error-codes.ts'
import { exitCodes } from '../../schema/errors.ts'

/** Exit code of an audit: 0, 5 for a difference, or that of what made the audit impossible. */
export function auditExitCode({ ok, problem }: AuditReport): number {
  if (ok) return 0
  const known = problem !== undefined && problem.code in errorCodes
  return known ? exitCodes[errorCodes[problem.code as ErrorCode].class] : exitCodes.integrity
}
