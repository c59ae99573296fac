/** One test of a Foundry suite that did not pass. */
export interface FailedTest {
  readonly suite: string
  readonly test: string
  readonly reason: string
}

/** One Foundry suite that has ended. */
export interface SuiteResult {
  /** `test/File.t.sol:Contract`. */
  readonly suite: string
  readonly passed: number
  readonly failed: readonly FailedTest[]
  readonly skipped: number
  /** As forge prints it, e.g. `71.77ms`. */
  readonly duration: string
}

/**
 * Reads what `forge test` prints line by line.
 *
 * @param onSuite - Called when a suite has ended.
 * @returns Takes one line of stdout at a time.
 */
export function readForgeOutput(onSuite: (result: SuiteResult) => void): (line: string) => void {
  let suite = ''
  let failed: FailedTest[] = []
  return (line) => {
    const head = /^Ran \d+ tests? for (\S+)$/.exec(line)
    if (head !== null) {
      suite = head[1] as string
      failed = []
      return
    }
    const failure = /^\[FAIL(?:: (?<reason>.*))?\] (?<test>\w+\(.*?\))(?: \(.*\))?$/.exec(line)
    if (failure !== null && suite !== '')
      failed.push({
        suite,
        test: failure.groups?.['test'] ?? '',
        reason: failure.groups?.['reason'] ?? 'no reason given',
      })
    const end =
      /^Suite result: \S+\. (\d+) passed; \d+ failed; (\d+) skipped; finished in (\S+)/.exec(line)
    if (end === null || suite === '') return
    onSuite({
      suite,
      passed: Number(end[1]),
      failed,
      skipped: Number(end[2]),
      duration: end[3] as string,
    })
    // forge repeats the failures after the last suite.
    suite = ''
  }
}
