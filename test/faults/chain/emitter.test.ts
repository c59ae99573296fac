import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { emit, emitterCode, emitterSource } from './emitter.ts'

test('the code is that of the source', () => {
  const solc = createRequire(import.meta.url)('solc') as { compile(input: string): string }
  const output = JSON.parse(
    solc.compile(
      JSON.stringify({
        language: 'Yul',
        sources: { 'emitter.yul': { content: emitterSource } },
        settings: {
          evmVersion: 'paris',
          optimizer: { enabled: true },
          outputSelection: { '*': { '*': ['evm.deployedBytecode.object'] } },
        },
      }),
    ),
  )
  const code = output.contracts['emitter.yul'].Emitter.evm.deployedBytecode.object
  expect(`0x${code}`).toBe(emitterCode)
}, 30_000)

test('calldata holds number of topics, topics, length and data of each log', () => {
  const topic = `0x${'ab'.repeat(32)}` as const
  expect(
    emit([
      { topics: [], data: '0x01' },
      { topics: [topic], data: '0x0203' },
    ]),
  ).toBe(`0x00${'00000001'}01${'01'}${'ab'.repeat(32)}${'00000002'}0203`)
})
