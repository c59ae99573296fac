import { afterAll, afterEach, expect, it } from 'vitest'
import { BaseError } from '../../schema/errors.ts'
import { createAdapterPool } from './adapter-pool.ts'
import type { AdapterReference, DecodeEvent, DecodeJob } from './decode-job.ts'
import { openDecodeModel } from './decode-model.ts'
import { createDecodeScheduler, type DecodeScheduler } from './decode-scheduler.ts'
import { tinyAdapter, tinyModel, withoutEffect } from './tiny-model.fixture.ts'

const slots = 4
const poolRows = 2
const contextLength = 48
const model = await openDecodeModel({
  model: tinyModel(),
  slots,
  poolRows,
  rank: 3,
  contextLength,
  threads: 1,
})
afterAll(() => model.close())

const open: DecodeScheduler[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((scheduler) => scheduler.close()))
})

function start() {
  const events: DecodeEvent[] = []
  const watchers = new Map<number, (event: DecodeEvent) => void>()
  const pool = createAdapterPool(poolRows)
  const scheduler = createDecodeScheduler({
    model,
    pool,
    slots,
    contextLength,
    prefillTokens: 64,
    loadAdapter: async ({ digest }: AdapterReference) => {
      if (digest === 'broken') throw new BaseError('ADAPTER_INVALID', { facts: { digest } })
      if (digest === 'none') return withoutEffect(tinyAdapter(1))
      return tinyAdapter(Number(digest))
    },
    emit: (batch) => {
      events.push(...batch)
      for (const event of batch) watchers.get(event.id)?.(event)
    },
  })
  open.push(scheduler)
  const complete = (job: DecodeJob) =>
    new Promise<{ tokens: number[]; finish?: string | undefined; failure?: string | undefined }>(
      (resolve) => {
        const tokens: number[] = []
        watchers.set(job.id, ({ token, finish, failure }) => {
          if (token !== undefined) tokens.push(token)
          if (finish === undefined && failure === undefined) return
          resolve({ tokens, finish, failure: failure?.code })
        })
        scheduler.submit(job)
      },
    )
  return { scheduler, pool, events, watchers, complete }
}

const adapter = (digest: string | null): AdapterReference | null =>
  digest === null ? null : { digest, directory: '' }

const job = (id: number, change: Partial<DecodeJob> = {}): DecodeJob => ({
  id,
  prompt: [65 + (id % 26), 32, 97 + (id % 7)],
  adapter: null,
  maxTokens: 12,
  stopToken: 10,
  temperature: 0,
  seed: id,
  ...change,
})

const mixed = Array.from({ length: 24 }, (_, id) =>
  job(id, {
    adapter: adapter(id % 5 === 0 ? null : String(id % 7)),
    prompt: Array.from({ length: 1 + ((id * 5) % 17) }, (_, t) => 33 + ((id * 7 + t * 3) % 90)),
    maxTokens: 1 + ((id * 3) % 20),
    temperature: id % 3 === 0 ? 0.8 : 0,
  }),
)

it('answers a mixed batch exactly as it answers the jobs one by one', async () => {
  const together = start()
  const answers = await Promise.all(mixed.map(together.complete))
  for (const [index, item] of mixed.entries()) {
    expect(await start().complete(item)).toEqual(answers[index])
  }
  expect(new Set(answers.map(({ tokens }) => tokens.join())).size).toBeGreaterThan(15)
  expect(together.pool.stats().evictions).toBeGreaterThan(0)
  expect(together.scheduler.stats()).toMatchObject({ active: 0, queued: 0 })
})

it('gives the base answer for an adapter without effect', async () => {
  const { complete } = start()
  const base = await complete(job(1))
  expect(await complete(job(2, { ...job(1), id: 2, adapter: adapter('none') }))).toEqual(base)
  const other = await complete(job(3, { ...job(1), id: 3, adapter: adapter('5') }))
  expect(other.tokens).not.toEqual(base.tokens)
})

it('stops at the stop token, which belongs to the completion', async () => {
  const { complete } = start()
  const free = await complete(job(1, { stopToken: -1 }))
  const stopToken = free.tokens[3]!
  const expected = free.tokens.slice(0, free.tokens.indexOf(stopToken) + 1)
  expect(await complete(job(2, { ...job(1), id: 2, stopToken }))).toEqual({
    tokens: expected,
    finish: 'stop',
    failure: undefined,
  })
})

it('ends at the token limit and at the end of the context', async () => {
  const { complete } = start()
  const limited = await complete(job(1, { maxTokens: 1, stopToken: -1 }))
  expect(limited).toMatchObject({ tokens: [expect.any(Number)], finish: 'length' })
  const prompt = Array.from({ length: contextLength - 2 }, (_, t) => 40 + t)
  const full = await complete(job(2, { prompt, maxTokens: 100, stopToken: -1 }))
  expect(full).toMatchObject({ finish: 'length' })
  expect(full.tokens).toHaveLength(3)
})

it('fails only the job whose adapter is broken', async () => {
  const { complete } = start()
  const [good, broken, other] = await Promise.all([
    complete(job(1, { adapter: adapter('1') })),
    complete(job(2, { adapter: adapter('broken') })),
    complete(job(3, { adapter: adapter('2') })),
  ])
  expect(broken).toEqual({ tokens: [], finish: undefined, failure: 'ADAPTER_INVALID' })
  expect(good!.failure).toBeUndefined()
  expect(other!.failure).toBeUndefined()
})

it('frees slot and pool row of a cancelled job and says nothing more about it', async () => {
  const { scheduler, pool, events, watchers, complete } = start()
  const endless = { maxTokens: 1000, stopToken: -1 }
  const rivals = [1, 2].map((id) => job(id, { ...endless, adapter: adapter(String(id)) }))
  const seen = new Promise<void>((resolve) => watchers.set(2, () => resolve()))
  for (const rival of rivals) scheduler.submit(rival)
  await seen
  scheduler.cancel(1)
  scheduler.cancel(2)
  const before = events.length
  const answer = await complete(job(3, { adapter: adapter('3') }))
  expect(answer.failure).toBeUndefined()
  expect(events.slice(before).every((event) => event.id === 3)).toBe(true)
  expect(scheduler.stats()).toMatchObject({ active: 0, queued: 0 })
  expect(pool.stats().resident).toBe(2)
})

it('drops a job that is cancelled while it waits', async () => {
  const { scheduler, events, complete } = start()
  const first = complete(job(1, { adapter: adapter('1') }))
  scheduler.submit(job(2, { adapter: adapter('broken') }))
  scheduler.cancel(2)
  await first
  expect(events.some((event) => event.id === 2)).toBe(false)
})
