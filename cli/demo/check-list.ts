import type { Reporter } from '../console/reporter.ts'

export interface CheckResult {
  readonly ok: boolean
  readonly detail: string
}

/** Checks of a run by name; a failed one fails the run, and the others still run. */
export interface CheckList {
  readonly results: Readonly<Record<string, CheckResult>>
  readonly failed: readonly string[]
  /** Records a check; an exception counts as a failure with its message. */
  check(name: string, body: () => Promise<CheckResult> | CheckResult): Promise<void>
}

export function createCheckList(reporter: Reporter): CheckList {
  const results: Record<string, CheckResult> = {}
  return {
    results,
    get failed() {
      return Object.keys(results).filter((name) => results[name]?.ok !== true)
    },
    async check(name, body) {
      let result: CheckResult
      try {
        result = await body()
      } catch (error) {
        result = { ok: false, detail: error instanceof Error ? error.message : String(error) }
      }
      results[name] = result
      reporter.line(`  ${result.ok ? '✓' : '✗'} ${name}: ${result.detail}`)
    },
  }
}
