import { RpcConnectionError, RpcError } from '@subsquid/rpc-client'
import { describe, expect, test } from 'vitest'
import { rpcFailure } from './rpc-failure.ts'
import { nameHosts } from './rpc-host.ts'

const httpError = (status: number, body?: unknown, headers: Record<string, string> = {}) =>
  Object.assign(new Error(`Got ${status} from https://node.test/key`), {
    name: 'HttpError',
    response: { status, body, headers: new Headers(headers) },
  })

describe('rpcFailure', () => {
  // Wordings of Infura, Alchemy, QuickNode, Ankr and geth.
  test.each([
    [-32005, 'query returned more than 10000 results'],
    [-32602, 'Log response size exceeded. this block range should work: [0x1, 0x2]'],
    [-32614, 'eth_getLogs is limited to a 10,000 range'],
    [-32000, 'exceed maximum block range: 5000'],
    [-32005, 'query exceeds max results 20000, retry with the range 1-2'],
    [-32601, 'the method does not exist'],
  ])('%i %s is a refusal', (code, message) => {
    expect(rpcFailure(new RpcError({ code, message })).kind).toBe('refused')
  })

  test.each([
    [429, 'Your app has exceeded its compute units per second capacity'],
    [-32007, '50/second request limit reached'],
    [-32005, 'daily request count exceeded, request rate limited'],
    [-32029, 'Too Many Requests'],
  ])('%i %s is left for another node', (code, message) => {
    expect(rpcFailure(new RpcError({ code, message })).kind).toBe('failed')
  })

  test('a refusal in the body of a 400 keeps its words', () => {
    const body = { error: { code: -32602, message: 'range too large' } }
    for (const sent of [body, JSON.stringify(body)])
      expect(rpcFailure(httpError(400, sent))).toMatchObject({
        kind: 'refused',
        error: { message: 'range too large' },
      })
  })

  test('the pause that a node asks for is kept', () => {
    expect(rpcFailure(httpError(429, undefined, { 'retry-after': '3' }))).toEqual({
      kind: 'failed',
      reason: 'HTTP 429',
      pauseMs: 3000,
    })
  })

  test('URLs in messages are cut to their host', () => {
    const told = rpcFailure(new RpcConnectionError('request to https://u:p@node.test/key failed'))
    expect(told).toMatchObject({ reason: 'RpcConnectionError: request to node.test failed' })
    const refusal = rpcFailure(new RpcError({ code: 1, message: 'see wss://node.test/key?a=b' }))
    expect(refusal).toMatchObject({ error: { message: 'see node.test' } })
  })
})

test('URLs of one host are told apart without their paths', () => {
  expect(nameHosts(['https://a.test/1', 'wss://b.test/2', 'https://a.test/3'])).toEqual([
    'a.test',
    'b.test',
    'a.test (2)',
  ])
})
