import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Anvil } from '../../cli/services/start-anvil.ts'
import { startTestChain } from '../../test/support/chain.ts'
import { type FaultyRpc, startFaultyRpc } from '../../test/support/faulty-rpc.ts'
import { connectNode } from './chain-node.ts'
import { RpcPool, type RpcPoolOptions } from './rpc-pool.ts'

let anvil: Anvil
let first: FaultyRpc
let second: FaultyRpc

beforeAll(async () => {
  anvil = await startTestChain()
  first = await startFaultyRpc({ target: anvil.url, seed: 1 })
  second = await startFaultyRpc({ target: anvil.url, seed: 2 })
  await connectNode(anvil.url).height()
  await fetch(anvil.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'anvil_mine', params: ['0x64'] }),
  })
})

afterAll(async () => {
  await first[Symbol.asyncDispose]()
  await second[Symbol.asyncDispose]()
  await anvil.close()
})

const open = (options: Partial<RpcPoolOptions> = {}) => {
  first.set({})
  second.set({})
  return new RpcPool({
    urls: [first.url, second.url],
    chainId: anvil.chainId,
    timeoutMs: 500,
    backoffMs: 20,
    compareMs: 50,
    ...options,
  })
}
const hostOf = ({ url }: FaultyRpc) => new URL(url).host

describe('RpcPool', () => {
  test.each([
    ['drops connections', { down: true }],
    ['answers 429', { tooManyRequests: 1 }],
    ['answers 500', { serverError: 1 }],
    ['cuts its answers', { truncated: 1 }],
    ['does not answer', { hang: 1, hangMs: 2000 }],
  ])(
    'a URL that %s is left for the next one, and taken up again when it is well',
    async (_, faults) => {
      const failures = new Set<string>()
      using pool = open({ onFailure: (host) => failures.add(host) })
      const node = connectNode(pool)
      expect(await node.height()).toBe(100)
      expect(pool.used.host).toBe(hostOf(first))
      first.set(faults)
      expect(await node.height()).toBe(100)
      expect(pool.used.host).toBe(hostOf(second))
      expect([...failures]).toEqual([hostOf(first)])
      expect(pool.status()[0]).toMatchObject({ state: 'failing' })
      first.set({})
      await expect
        .poll(async () => (await node.height()) && pool.used.host, { timeout: 5000 })
        .toBe(hostOf(first))
    },
  )

  test('one URL that fails half of the time answers every question in the end', async () => {
    using pool = open({ urls: [first.url], timeoutMs: 200, backoffMs: 5 })
    const node = connectNode(pool)
    first.set({
      ...{ tooManyRequests: 0.1, serverError: 0.1, truncated: 0.1, dropped: 0.1 },
      ...{ hang: 0.02, hangMs: 1000 },
    })
    const heights = Array.from({ length: 101 }, (_, height) => height)
    const read = []
    for (const height of heights) read.push((await node.headers([height]))[0]?.number)
    expect(read).toEqual(heights)
    expect(pool.status()[0]?.errors).toBeGreaterThan(10)
  })

  test('nothing that answers is NODE_UNAVAILABLE, and no key is told', async () => {
    using pool = open({ patienceMs: 50, urls: [`${first.url}/v3/secret-key?token=secret-key`] })
    for (const faults of [{ down: true }, { serverError: 1 }, { truncated: 1 }]) {
      first.set(faults)
      const error: unknown = await connectNode(pool)
        .height()
        .catch((caught: unknown) => caught)
      expect(error).toMatchObject({ code: 'NODE_UNAVAILABLE' })
      const told: unknown[] = []
      for (let cause = error; cause instanceof Error; cause = cause.cause) {
        expect(cause.message).not.toContain('secret-key')
        told.push(String(cause), { ...cause })
      }
      expect(JSON.stringify(told)).not.toContain('secret-key')
    }
    expect(JSON.stringify(pool.status())).not.toContain('secret-key')
  })

  test('a URL far behind the others is second choice until it has caught up', async () => {
    using pool = open({ lagBlocks: 5 })
    first.set({ lag: 50 })
    const node = connectNode(pool)
    await pool.open()
    await expect.poll(() => pool.status()[0]?.state).toBe('behind')
    expect(await node.height()).toBe(100)
    expect(pool.used.host).toBe(hostOf(second))
    first.set({})
    await expect.poll(() => pool.status()[0]?.state).toBe('ready')
    await node.height()
    expect(pool.used.host).toBe(hostOf(first))
  })

  test('logs of blocks that a lagging URL does not have come from the next', async () => {
    using pool = open()
    first.set({ lag: 3 })
    expect((await connectNode(pool).logs([], 90, 100)).last.number).toBe(100)
    expect(pool.used.host).toBe(hostOf(second))
  })

  test('a URL of another chain is never asked again; alone it is WRONG_CHAIN_ID', async () => {
    using pool = open()
    first.set({ chainId: anvil.chainId + 1 })
    expect(await connectNode(pool).height()).toBe(100)
    expect(pool.status()[0]?.state).toBe('wrong-chain')
    using alone = open({ urls: [first.url] })
    first.set({ chainId: anvil.chainId + 1 })
    await expect(alone.open()).rejects.toMatchObject({ code: 'WRONG_CHAIN_ID' })
    await expect(connectNode(alone).height()).rejects.toMatchObject({ code: 'WRONG_CHAIN_ID' })
  })

  test('no more calls per second go to a URL than allowed, however many are asked at once', async () => {
    await using limited = await startFaultyRpc({
      ...{ target: anvil.url, seed: 3, faults: { callsPerSecond: 60 } },
    })
    using pool = open({ urls: [limited.url], callsPerSecond: 50, timeoutMs: 5000 })
    const node = connectNode(pool)
    await Promise.all(Array.from({ length: 101 }, (_, height) => node.headers([height])))
    expect(limited.counts).toMatchObject({ eth_getBlockByNumber: 101 })
    expect(limited.counts['limited']).toBeUndefined()
    expect(limited.busiestSecond()).toBeLessThanOrEqual(60)
  })

  test('a WebSocket answers as well, and is left when it is cut', async () => {
    using pool = open({ urls: [first.wsUrl, second.url] })
    const node = connectNode(pool)
    expect(await node.height()).toBe(100)
    expect(first.counts['sockets']).toBeGreaterThan(0)
    first.set({ down: true })
    expect(await node.height()).toBe(100)
    expect(pool.used.host).toBe(hostOf(second))
  })

  test('a question ends when its caller gives up', async () => {
    using pool = open({ urls: [first.url], timeoutMs: 5000 })
    await pool.open()
    first.set({ hang: 1, hangMs: 3000 })
    const node = connectNode(pool, AbortSignal.timeout(50))
    await expect(node.height()).rejects.toMatchObject({ name: 'TimeoutError' })
  })
})
