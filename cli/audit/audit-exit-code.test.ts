import { expect, test } from 'vitest'
import { auditExitCode } from './audit-exit-code.ts'

const report = {
  manifestHash: '0x00',
  ok: false,
  checked: { calls: 0, scores: 0, leaves: 0 },
} as const
const because = (code: string) => auditExitCode({ ...report, problem: { code, facts: {} } })

test('a difference is a failed check; what prevents the audit has the code of its class', () => {
  expect(auditExitCode({ ...report, ok: true })).toBe(0)
  expect(auditExitCode(report)).toBe(5)
  expect(because('ARTIFACT_MISSING')).toBe(75)
  expect(because('ARTIFACT_CORRUPT')).toBe(5)
  expect(because('MODEL_INVALID')).toBe(3)
  expect(because('NOT_A_CODE')).toBe(5)
})
