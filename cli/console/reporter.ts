import { stderr, stdout } from 'node:process'

/** Where a command prints: results to stdout, progress and notes to stderr. */
export interface Reporter {
  /** True when results are printed as JSON. */
  readonly json: boolean
  /** Prints a line for a person; nothing in JSON mode. */
  line(text?: string): void
  /** Prints the command's result: the object in JSON mode, `text` otherwise. */
  result(value: unknown, text: string): void
  /** Tells what happens now where no amount is known; to stderr. */
  note(text: string): void
  /** Replaces the progress line in a terminal; prints every quarter of the work elsewhere. */
  progress(label: string, done: number, total: number, detail?: string): void
}

/** Creates the reporter of one command. */
export function createReporter(options: { json: boolean }): Reporter {
  let open = false
  const quarters = new Map<string, number>()
  const endLine = () => {
    if (open) stderr.write('\n')
    open = false
  }
  return {
    json: options.json,
    line(text = '') {
      endLine()
      if (!options.json) stdout.write(`${text}\n`)
    },
    result(value, text) {
      endLine()
      stdout.write(options.json ? `${JSON.stringify(value, bigintAsText, 2)}\n` : `${text}\n`)
    },
    note(text) {
      endLine()
      stderr.write(`  ${text}\n`)
    },
    progress(label, done, total, detail = '') {
      const percent = total === 0 ? 100 : Math.floor((100 * done) / total)
      const text = `  ${label} ${done}/${total} (${percent} %) ${detail}`
      if (stderr.isTTY) {
        stderr.write(`\r\u001b[2K${text.slice(0, (stderr.columns ?? 100) - 1)}`)
        open = true
        if (done >= total) endLine()
        return
      }
      const quarter = Math.floor(percent / 25)
      if (quarters.get(label) === quarter) return
      quarters.set(label, quarter)
      stderr.write(`${text}\n`)
    },
  }
}

/** JSON replacer that writes `bigint` as decimal text. */
export const bigintAsText = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? value.toString() : value
