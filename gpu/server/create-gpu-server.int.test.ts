import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TinyDirectory, tinyAdapter, tinyDirectory } from '../decode/tiny-model.fixture.ts'
import { createGpuServer, type GpuServer } from './create-gpu-server.ts'

const silent = { info() {}, warn() {}, error() {} }
let directory: TinyDirectory
let server: GpuServer

const start = async (slots: number): Promise<GpuServer> =>
  createGpuServer({
    model: { name: 'base', directory: directory.model },
    adapters: [
      { name: 'one', directory: await directory.adapter('one', tinyAdapter(1)) },
      { name: 'two', directory: await directory.adapter('two', tinyAdapter(2)) },
      { name: 'three', directory: await directory.adapter('three', tinyAdapter(3)) },
    ],
    port: 0,
    slots,
    poolRows: 2,
    rank: 3,
    logger: silent,
  })

beforeAll(async () => {
  directory = await tinyDirectory()
  server = await start(8)
})
afterAll(async () => {
  await server.close()
  await directory.remove()
})

const ask = (url: string, change: object, signal?: AbortSignal): Promise<Response> =>
  fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({
      model: 'one',
      messages: [{ role: 'user', content: 'Hello' }],
      max_tokens: 12,
      ...change,
    }),
    ...(signal === undefined ? {} : { signal }),
  })

const answerOf = async (response: Response): Promise<string> => {
  const events = (await response.text()).split('\n\n').slice(0, -2)
  const deltas = events.map((event) => JSON.parse(event.slice(6)).choices[0]?.delta?.content ?? '')
  return deltas.join('')
}

const metric = async (name: string): Promise<number> => {
  const text = await (await fetch(`${server.url}/metrics`)).text()
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1])
}

it('streams 96 answers to 32 clients at once, each from its own adapter', async () => {
  const names = ['base', 'one', 'two', 'three']
  const expected = new Map<string, string>()
  for (const model of names) {
    const body = await (await ask(server.url, { model })).json()
    expected.set(model, body.choices[0].message.content)
  }
  expect(new Set(expected.values()).size).toBe(4)
  let next = 0
  const client = async (): Promise<void> => {
    while (next < 96) {
      const model = names[next++ % names.length]!
      const response = await ask(server.url, { model, stream: true })
      expect(await answerOf(response)).toBe(expected.get(model))
    }
  }
  await Promise.all(Array.from({ length: 32 }, client))
})

it('stops computing for clients that go away, in mid-stream or still waiting', async () => {
  const count = 100
  const maxTokens = 95
  const before = await metric('provenant_gpu_completion_tokens_total')
  const control = new AbortController()
  const requests = Array.from({ length: count }, () =>
    ask(
      server.url,
      {
        messages: [{ role: 'user', content: 'x' }],
        max_tokens: maxTokens,
        temperature: 2,
        stream: true,
      },
      control.signal,
    ),
  )
  const first = await Promise.race(requests)
  await first.body!.getReader().read()
  control.abort()
  const settled = await Promise.allSettled(requests)
  expect(settled.some((result) => result.status === 'rejected')).toBe(true)
  for (const name of ['provenant_gpu_slots_active', 'provenant_gpu_queue_length']) {
    await expect.poll(() => metric(name), { timeout: 30_000 }).toBe(0)
  }
  const computed = (await metric('provenant_gpu_completion_tokens_total')) - before
  expect(computed).toBeLessThan((count * maxTokens) / 2)
  expect((await ask(server.url, {})).status).toBe(200)
})

it('finishes running answers when it closes and is gone afterwards', async () => {
  const closing = await start(2)
  const running = await ask(closing.url, { max_tokens: 60, stream: true })
  const began = performance.now()
  const [text] = await Promise.all([running.text(), closing.close(), closing.close()])
  expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true)
  expect(performance.now() - began).toBeLessThan(8000)
  await expect(ask(closing.url, {})).rejects.toThrow()
})

it('reports a port that is taken and an adapter that is broken', async () => {
  const model = { name: 'base', directory: directory.model }
  const { port } = server
  await expect(createGpuServer({ model, port, logger: silent })).rejects.toMatchObject({
    code: 'PORT_UNAVAILABLE',
  })
  const adapters = [{ name: 'absent', directory: `${directory.model}/absent` }]
  await expect(createGpuServer({ model, adapters, port: 0, logger: silent })).rejects.toMatchObject(
    { code: 'ADAPTER_INVALID' },
  )
})
