import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseNodeLogs } from './parse-node-logs.ts'

const asked = {
  address: `0x${'Ab'.repeat(20)}`,
  topics: [`0x${'CD'.repeat(32)}`, `0x${'01'.repeat(32)}`],
  data: '0x',
  blockNumber: '0x10',
  blockHash: `0x${'ef'.repeat(32)}`,
  transactionHash: `0x${'23'.repeat(32)}`,
  transactionIndex: '0x0',
  logIndex: '0x1f',
  removed: false,
}

test('reads quantities and lowercases hex', () => {
  expect(parseNodeLogs([asked])).toEqual([
    {
      address: `0x${'ab'.repeat(20)}`,
      topics: [`0x${'cd'.repeat(32)}`, `0x${'01'.repeat(32)}`],
      data: '0x',
      blockNumber: 16,
      blockHash: asked.blockHash,
      transactionHash: asked.transactionHash,
      transactionIndex: 0,
      logIndex: 31,
    },
  ])
})

const fields = Object.keys(asked).filter((field) => field !== 'removed')

test('refuses logs with any field missing or of another kind, naming it', () => {
  const other = fc.oneof(
    fc.constantFrom(undefined, null, 12, '', '12', '0x1g', 'text', {}, [{}], [7]),
    fc.string().filter((text) => !/^0x[0-9a-f]*$/i.test(text)),
  )
  fc.assert(
    fc.property(fc.constantFrom(...fields), other, (field, value) => {
      expect(() => parseNodeLogs([asked, { ...asked, [field]: value }])).toThrow(
        new TypeError(`logs[1].${field} is not of the protocol`),
      )
    }),
  )
})

test.each([['0x'], [`0x${'f'.repeat(16)}`]])('refuses the quantity %s', (logIndex) => {
  expect(() => parseNodeLogs([{ ...asked, logIndex }])).toThrow('logs[0].logIndex')
})

test.each([[undefined], [null], [{}], ['0x']])('refuses %s as a list', (answer) => {
  expect(() => parseNodeLogs(answer)).toThrow(TypeError)
})

test.each([[null], ['0x'], [7]])('refuses %s as a log', (log) => {
  expect(() => parseNodeLogs([log])).toThrow('logs[0]')
})
