import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { RpcClient } from '@subsquid/rpc-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { limitAnswers } from './limit-answers.ts'

const server = createServer((request, response) => {
  let text = ''
  request.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8')
  })
  request.on('end', () => {
    const { id, params } = JSON.parse(text) as { id: number; params: [number] }
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ jsonrpc: '2.0', id, result: 'ä'.repeat(params[0] / 2) }))
  })
})
let client: RpcClient

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  client = new RpcClient({ url: `http://127.0.0.1:${port}`, retryAttempts: 0, log: null })
  limitAnswers(client, 100_000)
})

afterAll(async () => {
  client.close()
  await new Promise((resolve) => server.close(resolve))
})

test('an answer below the limit is read as it is', async () => {
  expect(await client.call('echo', [90_000])).toBe('ä'.repeat(45_000))
})

test('a longer answer is a refusal, and the next question is answered', async () => {
  await expect(client.call('echo', [2_000_000])).rejects.toMatchObject({
    name: 'RpcError',
    message: expect.stringContaining('response is too big'),
  })
  expect(await client.call('echo', [10])).toBe('ä'.repeat(5))
})
