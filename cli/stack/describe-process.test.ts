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

test('a process of several chains tells of each', () => {
  const chain = { height: 5, nodeHeight: 6, finalizedHeight: 2, events: 7, state: 'running' }
  const chains = [
    { ...chain, chainId: 1 },
    { ...chain, chainId: 10, state: 'retrying', lastError: 'X' },
  ]
  expect(
    describeProcess({
      ...{ url, process: 'indexer', state: 'degraded', ready: false, facts: { chains } },
      missing: ['chain 10 does not follow'],
    }),
  ).toBe(
    `indexer     NOT READY  degraded (chain 10 does not follow); chain 1 running: block 5 of 6, final 2, 7 events; chain 10 retrying: block 5 of 6, final 2, 7 events, last error X; ${url}`,
  )
})
