import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type DecodeEngine, type GenerateRequest, startDecodeEngine } from './decode-engine.ts'
import type { AdapterReference } from './decode-job.ts'
import { type TinyDirectory, tinyAdapter, tinyDirectory } from './tiny-model.fixture.ts'

let directory: TinyDirectory
let engine: DecodeEngine
const adapters: AdapterReference[] = []

beforeAll(async () => {
  directory = await tinyDirectory()
  engine = await startDecodeEngine({
    modelDirectory: directory.model,
    slots: 8,
    poolRows: 3,
    rank: 3,
    maxQueued: 200,
  })
  for (let seed = 1; seed <= 12; seed++) {
    const path = await directory.adapter(`a${seed}`, tinyAdapter(seed))
    adapters.push(await engine.inspectAdapter(path))
  }
})
afterAll(async () => {
  await engine.close()
  await directory.remove()
})

const request = (change: Partial<GenerateRequest> = {}): GenerateRequest => ({
  prompt: [72, 105],
  adapter: null,
  maxTokens: 10,
  stopToken: 10,
  temperature: 0,
  seed: 0,
  ...change,
})

async function complete(change: Partial<GenerateRequest> = {}): Promise<number[]> {
  const tokens: number[] = []
  for await (const token of engine.generate(request(change))) tokens.push(token)
  return tokens
}

it('serves more adapters than it has pool rows, each with its own answer', async () => {
  const alone: number[][] = []
  for (const adapter of adapters) alone.push(await complete({ adapter }))
  expect(new Set(alone.map((tokens) => tokens.join())).size).toBe(adapters.length)
  const order = Array.from({ length: 120 }, (_, index) => (index * 7) % adapters.length)
  const answers = await Promise.all(order.map((index) => complete({ adapter: adapters[index]! })))
  expect(answers).toEqual(order.map((index) => alone[index]))
  const stats = await engine.stats()
  expect(stats).toMatchObject({ active: 0, queued: 0, resident: 3 })
  expect(stats.evictions).toBeGreaterThan(0)
})

it('ends a job when its reader leaves or its signal aborts', async () => {
  const endless = request({ maxTokens: 90, stopToken: -1 })
  for await (const token of engine.generate(endless)) {
    expect(token).toBeTypeOf('number')
    break
  }
  const control = new AbortController()
  const aborted = (async () => {
    for await (const _ of engine.generate(endless, control.signal)) control.abort()
  })()
  await expect(aborted).rejects.toMatchObject({ name: 'AbortError' })
  await complete()
  expect(await engine.stats()).toMatchObject({ active: 0, queued: 0 })
})

it('refuses an adapter whose files changed after it was inspected', async () => {
  const path = await directory.adapter('changing', tinyAdapter(50))
  const adapter = await engine.inspectAdapter(path)
  await directory.adapter('changing', tinyAdapter(51))
  await expect(complete({ adapter })).rejects.toMatchObject({ code: 'ADAPTER_CHANGED' })
  expect(await complete()).not.toHaveLength(0)
})

it.each([
  ['a missing directory', async () => join(directory.model, 'absent'), 'ADAPTER_INVALID'],
  [
    'too great a rank',
    () => directory.adapter('wide', tinyAdapter(1, { rank: 4, alpha: 4, targets: ['q'] })),
    'ADAPTER_INVALID',
  ],
  [
    'a damaged weight file',
    async () => {
      const path = await directory.adapter('damaged', tinyAdapter(1))
      await writeFile(join(path, 'adapter_model.safetensors'), 'not a weight file')
      return path
    },
    'SAFETENSORS_INVALID',
  ],
])('refuses an adapter with %s and goes on', async (_, path, code) => {
  await expect(engine.inspectAdapter(await path())).rejects.toMatchObject({ code })
  expect(await complete()).not.toHaveLength(0)
})

it('refuses jobs beyond its limit', async () => {
  await using small = await startDecodeEngine({
    modelDirectory: directory.model,
    slots: 1,
    maxQueued: 1,
  })
  const endless = request({ maxTokens: 90, stopToken: -1 })
  const running = [small.generate(endless), small.generate(endless)]
  const tokens = running.map((job) => job.next())
  await expect(small.generate(endless).next()).rejects.toMatchObject({ code: 'SERVER_BUSY' })
  await tokens[0]
  await Promise.all(running.map((job) => job.return('length')))
})

it('finishes the running job when it closes with grace, and refuses new ones', async () => {
  const closing = await startDecodeEngine({ modelDirectory: directory.model, slots: 1 })
  const job = closing.generate(request({ maxTokens: 20, stopToken: -1 }))
  await job.next()
  const closed = closing.close(5000)
  await expect(closing.generate(request()).next()).rejects.toMatchObject({ code: 'SERVER_CLOSING' })
  let count = 1
  for await (const _ of job) count++
  expect(count).toBe(20)
  await closed
  expect(closing.ready).toBe(false)
})

it('fails what is still running when the grace is over', async () => {
  const closing = await startDecodeEngine({ modelDirectory: directory.model, slots: 1 })
  const job = closing.generate(request({ maxTokens: 90, stopToken: -1 }))
  await job.next()
  await closing.close()
  const rest = (async () => {
    for await (const _ of job);
  })()
  await expect(rest).rejects.toMatchObject({ code: 'SERVER_CLOSING' })
})

it('reports a model that cannot be read', async () => {
  const modelDirectory = join(directory.model, 'absent')
  await expect(startDecodeEngine({ modelDirectory })).rejects.toMatchObject({
    code: 'MODEL_INVALID',
  })
})
