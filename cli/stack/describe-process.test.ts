import { expect, test } from 'vitest'
import { describeProcess } from './describe-process.ts'

const url = 'http://127.0.0.1:9'

test('a silent process is down', () => {
  const silent = { url, process: undefined, state: undefined, ready: false, missing: [], facts: {} }
  expect(describeProcess(silent)).toBe(`?           DOWN       ${url}`)
})

test('a process that is not ready says why', () => {
  const facts = { height: 5, finalizedHeight: 2, events: 7, restarts: 1, lastError: 'X' }
  expect(
    describeProcess({
      ...{ url, process: 'indexer', state: 'retrying', ready: false, missing: ['node'], facts },
    }),
  ).toBe(
    `indexer     NOT READY  retrying (node); block 5 of ?, final 2, 7 events, 1 restarts, last error X; ${url}`,
  )
})

test('a process without details of its own has state and URL', () => {
  const facts = {}
  expect(
    describeProcess({
      ...{ url, process: 'api', state: 'running', ready: true, missing: [], facts },
    }),
  ).toBe(`api         ready      running; ${url}`)
})
