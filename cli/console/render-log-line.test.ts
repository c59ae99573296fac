import { expect, test } from 'vitest'
import { renderLogLine } from './render-log-line.ts'

test('a line for a terminal has time, level, process and message before the facts', () => {
  const line = JSON.stringify({
    ...{ level: 40, time: '2026-01-02T03:04:05.678Z', pid: 1, hostname: 'h', process: 'api' },
    ...{ code: 'X', facts: { a: 1 }, msg: 'late' },
  })
  expect(renderLogLine(line)).toBe('03:04:05 warn  api late code=X facts={"a":1}\n')
})
