import fc from 'fast-check'
import type { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DecodeEngine, startDecodeEngine } from '../decode/decode-engine.ts'
import { type TinyDirectory, tinyAdapter, tinyDirectory } from '../decode/tiny-model.fixture.ts'
import { createGpuApp } from './gpu-app.ts'
import { createModelRegistry, type ModelRegistry } from './model-registry.ts'

const silent = { info() {}, warn() {}, error() {} }
let directory: TinyDirectory
let engine: DecodeEngine
let models: ModelRegistry
let app: Hono

beforeAll(async () => {
  directory = await tinyDirectory()
  engine = await startDecodeEngine({ modelDirectory: directory.model, slots: 4, rank: 3 })
  models = createModelRegistry({ engine, base: { name: 'base', directory: directory.model } })
  app = createGpuApp({ engine, models, logger: silent })
  await models.load('oz@1', await directory.adapter('oz', tinyAdapter(1)))
})
afterAll(async () => {
  await engine.close()
  await directory.remove()
})

const post = (path: string, body: unknown): Promise<Response> =>
  Promise.resolve(
    app.request(path, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  )

const question = { role: 'user', content: 'Who are you?' }
const chat = (change: object = {}): Promise<Response> =>
  post('/v1/chat/completions', { model: 'oz@1', messages: [question], max_tokens: 8, ...change })

const bytes = (text: string): number[] => Array.from(Buffer.from(text))

interface Chunk {
  object: string
  model: string
  choices: { delta?: { content?: string; role?: string }; text?: string; finish_reason?: string }[]
  usage?: { prompt_tokens: number; completion_tokens: number; total_tokens: number }
  provenant?: { prompt_tokens: number[]; completion_tokens: number[]; seed: number }
}

async function chunksOf(response: Response): Promise<Chunk[]> {
  const events = (await response.text()).split('\n\n').filter((event) => event !== '')
  expect(events.at(-1)).toBe('data: [DONE]')
  return events.slice(0, -1).map((event) => JSON.parse(event.slice('data: '.length)))
}

describe('POST /v1/chat/completions', () => {
  it('answers with content, usage and the exact tokens', async () => {
    const response = await chat()
    expect(response.status).toBe(200)
    const body = await response.json()
    const { prompt_tokens, completion_tokens } = body.provenant
    expect(prompt_tokens).toEqual(bytes('Who are you?'))
    const spoken = completion_tokens
      .slice(completion_tokens[0] === 32 ? 1 : 0)
      .filter((token: number) => token !== 10)
    expect(body).toMatchObject({
      object: 'chat.completion',
      model: 'oz@1',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: Buffer.from(spoken).toString('utf8') },
          finish_reason: completion_tokens.at(-1) === 10 ? 'stop' : 'length',
        },
      ],
      usage: {
        prompt_tokens: 12,
        completion_tokens: completion_tokens.length,
        total_tokens: 12 + completion_tokens.length,
      },
    })
  })

  it('streams the same answer, then the tokens, then the usage if asked', async () => {
    const whole = await (await chat()).json()
    const response = await chat({ stream: true, stream_options: { include_usage: true } })
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    const chunks = await chunksOf(response)
    const text = chunks.map((chunk) => chunk.choices[0]?.delta?.content ?? '').join('')
    expect(text).toBe(whole.choices[0].message.content)
    expect(chunks[0]!.choices[0]!.delta).toEqual({ role: 'assistant', content: '' })
    const [closing, usage] = chunks.slice(-2)
    expect(closing!.choices[0]!.finish_reason).toBe(whole.choices[0].finish_reason)
    expect(closing!.provenant!.completion_tokens).toEqual(whole.provenant.completion_tokens)
    expect(usage).toMatchObject({ choices: [], usage: whole.usage })
    expect(new Set(chunks.map((chunk) => chunk.model))).toEqual(new Set(['oz@1']))
    const plain = await chunksOf(await chat({ stream: true }))
    expect(plain.some((chunk) => chunk.usage !== undefined)).toBe(false)
  })

  it('takes the last message of the user, also in parts', async () => {
    const messages = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Before' },
      { role: 'assistant', content: 'Yes' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Who are ' },
          { type: 'text', text: 'you?' },
        ],
      },
    ]
    const [one, other] = [await (await chat({ messages })).json(), await (await chat()).json()]
    expect(one.provenant.prompt_tokens).toEqual(other.provenant.prompt_tokens)
    expect(one.choices).toEqual(other.choices)
  })

  it('answers differently for the base model and repeats a drawn answer by its seed', async () => {
    const [base, adapted] = [
      await (await chat({ model: 'base' })).json(),
      await (await chat()).json(),
    ]
    expect(base.provenant.completion_tokens).not.toEqual(adapted.provenant.completion_tokens)
    const drawn = await (await chat({ temperature: 1.5 })).json()
    const { seed, completion_tokens } = drawn.provenant
    const again = await (await chat({ temperature: 1.5, seed })).json()
    expect(again.provenant.completion_tokens).toEqual(completion_tokens)
  })
})

it('POST /v1/completions continues text and token prompts without trimming', async () => {
  const fields = { model: 'oz@1', max_tokens: 6 }
  const text = await (await post('/v1/completions', { ...fields, prompt: 'Hello' })).json()
  const tokens = await (await post('/v1/completions', { ...fields, prompt: bytes('Hello') })).json()
  expect(text).toMatchObject({ object: 'text_completion', usage: { prompt_tokens: 5 } })
  expect(tokens.choices).toEqual(text.choices)
  const stream = await post('/v1/completions', { ...fields, prompt: 'Hello', stream: true })
  const chunks = await chunksOf(stream)
  expect(chunks.map((chunk) => chunk.choices[0]?.text ?? '').join('')).toBe(text.choices[0].text)
})

it('lists, loads, replaces and unloads adapters in the shape of vLLM', async () => {
  const load = async (seed: number) => {
    const lora_path = await directory.adapter(`new${seed}`, tinyAdapter(seed))
    const response = await post('/v1/load_lora_adapter', { lora_name: 'new', lora_path })
    expect(await response.text()).toBe("Success: LoRA adapter 'new' added successfully.")
    const answer = await (await chat({ model: 'new' })).json()
    return { lora_path, tokens: answer.provenant.completion_tokens }
  }
  const first = await load(21)
  const second = await load(22)
  expect(second.tokens).not.toEqual(first.tokens)
  const list = await (await app.request('/v1/models')).json()
  expect(list.data).toMatchObject([
    { id: 'base', object: 'model', parent: null, root: directory.model, max_model_len: 96 },
    { id: 'oz@1', parent: 'base' },
    { id: 'new', parent: 'base', root: second.lora_path },
  ])
  expect((await post('/v1/unload_lora_adapter', { lora_name: 'new' })).status).toBe(200)
  expect((await chat({ model: 'new' })).status).toBe(404)
})

describe('refuses with a coded error', () => {
  const cases: readonly [string, () => Promise<Response>, number, string][] = [
    ['an unknown model', () => chat({ model: 'nobody' }), 404, 'UNKNOWN_MODEL'],
    [
      'an unknown model in a stream',
      () => chat({ model: 'x', stream: true }),
      404,
      'UNKNOWN_MODEL',
    ],
    ['a body that is not JSON', () => post('/v1/completions', '{"model":'), 400, 'REQUEST_INVALID'],
    ['a body that is an array', () => post('/v1/chat/completions', []), 400, 'REQUEST_INVALID'],
    ['no messages', () => chat({ messages: [] }), 400, 'REQUEST_INVALID'],
    [
      'no message of the user',
      () => chat({ messages: [{ role: 'system', content: 'x' }] }),
      400,
      'REQUEST_INVALID',
    ],
    [
      'an empty prompt',
      () => chat({ messages: [{ role: 'user', content: '' }] }),
      400,
      'REQUEST_INVALID',
    ],
    [
      'a prompt longer than the context',
      () => chat({ messages: [{ role: 'user', content: 'é'.repeat(49) }] }),
      400,
      'PROMPT_TOO_LONG',
    ],
    [
      'a lone surrogate',
      () => post('/v1/completions', '{"model":"base","prompt":"\\ud800"}'),
      400,
      'TEXT_INVALID',
    ],
    [
      'a token outside the vocabulary',
      () => post('/v1/completions', { model: 'base', prompt: [256] }),
      400,
      'REQUEST_INVALID',
    ],
    ['stop sequences', () => chat({ stop: ['x'] }), 400, 'REQUEST_INVALID'],
    ['several answers', () => chat({ n: 2 }), 400, 'REQUEST_INVALID'],
    ['a negative temperature', () => chat({ temperature: -1 }), 400, 'REQUEST_INVALID'],
    ['a body of two megabytes', () => chat({ user: 'x'.repeat(2 ** 21) }), 400, 'REQUEST_INVALID'],
    [
      'an adapter that is not there',
      () => post('/v1/load_lora_adapter', { lora_name: 'a', lora_path: '/nowhere' }),
      400,
      'ADAPTER_INVALID',
    ],
    [
      'an adapter with the name of the base model',
      () => post('/v1/load_lora_adapter', { lora_name: 'base', lora_path: '/nowhere' }),
      400,
      'REQUEST_INVALID',
    ],
    [
      'unloading what is not loaded',
      () => post('/v1/unload_lora_adapter', { lora_name: 'nobody' }),
      404,
      'UNKNOWN_MODEL',
    ],
    ['an unknown route', () => post('/v1/embeddings', {}), 404, 'ROUTE_UNKNOWN'],
  ]
  it.each(cases)('%s', async (_, request, status, code) => {
    const response = await request()
    expect(response.status).toBe(status)
    expect(await response.json()).toEqual({
      error: {
        message: expect.stringMatching(/\.$/),
        type: 'invalid_request_error',
        code,
        facts: expect.any(Object),
        docs: `docs/errors.md#${code.toLowerCase()}`,
      },
    })
  })

  it('an adapter outside the adapter root', async () => {
    const inside = await directory.adapter('root/in', tinyAdapter(3))
    const outside = await directory.adapter('out', tinyAdapter(4))
    const guarded = createGpuApp({
      engine,
      models,
      logger: silent,
      adapterRoot: `${directory.model}/root`,
    })
    const load = (lora_path: string) =>
      guarded.request('/v1/load_lora_adapter', {
        method: 'POST',
        body: JSON.stringify({ lora_name: 'guarded', lora_path }),
      })
    expect((await load('in')).status).toBe(200)
    expect((await load(inside)).status).toBe(200)
    expect((await load(outside)).status).toBe(400)
    expect((await load('../out')).status).toBe(400)
  })
})

it('answers any body with an answer or a coded error, and goes on', async () => {
  const odd = fc.jsonValue({ maxDepth: 2 })
  const body = fc.record(
    {
      model: fc.oneof(fc.constant('base'), odd),
      messages: fc.oneof(fc.constant([question]), fc.array(fc.record({ role: odd, content: odd }))),
      prompt: odd,
      max_tokens: fc.oneof(fc.integer({ min: 1, max: 4 }), odd),
      temperature: odd,
      seed: odd,
      stream: odd,
      stream_options: odd,
      lora_name: odd,
      lora_path: odd,
    },
    { requiredKeys: [] },
  )
  const paths = ['chat/completions', 'completions', 'load_lora_adapter', 'unload_lora_adapter']
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), body, async (path, fields) => {
      const response = await post(`/v1/${path}`, fields)
      expect([200, 400, 404]).toContain(response.status)
      const text = await response.text()
      if (response.status !== 200) expect(JSON.parse(text).error.code).not.toBe('INTERNAL')
    }),
    { numRuns: 80, seed: 3 },
  )
  expect((await chat()).status).toBe(200)
})

it('reports health, readiness and metrics', async () => {
  expect((await app.request('/health')).status).toBe(200)
  expect((await app.request('/ready')).status).toBe(200)
  const text = await (await app.request('/metrics')).text()
  expect(text).toMatch(/provenant_gpu_completion_tokens_total \d+/)
  expect(text).toContain('provenant_gpu_requests_total{route="/v1/chat/completions",status="200"}')
  expect(text).toMatch(/provenant_gpu_slots_active 0/)
})
