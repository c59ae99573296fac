const names: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
}

/** What every line has and a person in front of a terminal knows. */
const known = ['level', 'time', 'pid', 'hostname', 'msg', 'process']

/** Renders a JSON line of a log for a terminal: time, level, process, message, then the facts. */
export function renderLogLine(line: string): string {
  const { level, time, msg, process: name, ...rest } = JSON.parse(line) as Record<string, unknown>
  const facts = Object.entries(rest)
    .filter(([key]) => !known.includes(key))
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  const head = [String(time).slice(11, 19), (names[Number(level)] ?? '').padEnd(5), name, msg]
  return `${[...head.filter((part) => part !== undefined), ...facts].join(' ')}\n`
}
