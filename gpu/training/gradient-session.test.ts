import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { BaseModel } from '../models/base-model.ts'
import { readAdapter } from '../models/read-adapter.ts'
import { readBaseModel } from '../models/read-base-model.ts'
import { createGradientSession, type GradientSession } from './gradient-session.ts'
import type { TokenizedExample } from './tokenized-example.ts'

const fixture = fileURLToPath(new URL('../graph/fixtures/tiny-llama/', import.meta.url))
const lora = { rank: 4, alpha: 8, targets: ['q', 'k', 'v', 'o'] } as const
const goldenSchema = z.object({
  rows: z.array(z.array(z.number())),
  lossMask: z.array(z.array(z.number())),
  losses: z.array(z.number()),
  lossesOfOurs: z.array(z.number()),
})

let model: BaseModel
let session: GradientSession
let examples: TokenizedExample[]
let golden: z.infer<typeof goldenSchema>

beforeAll(async () => {
  model = await readBaseModel(`${fixture}base`)
  golden = goldenSchema.parse(JSON.parse(await readFile(`${fixture}golden.json`, 'utf8')))
  examples = golden.rows.map((row, index) => ({
    tokens: Uint8Array.from(row.slice(0, -1)),
    targets: Uint8Array.from(row.slice(1)),
    lossMask: Uint8Array.from(golden.lossMask[index]!),
  }))
  session = createGradientSession({ model, lora, buckets: [9, 16], batch: 2, threads: 2 })
})

afterAll(async () => {
  await session.close()
})

const largest = (values: Float32Array): number =>
  values.reduce((max, value) => Math.max(max, Math.abs(value)), 0)

function worstDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((max, value, i) => Math.max(max, Math.abs(value - b[i]!)), 0)
}

/** Drops trailing positions that do not count, so that rows fall into different buckets. */
function trimmed(example: TokenizedExample): TokenizedExample {
  const end = example.lossMask.lastIndexOf(1) + 1
  return {
    tokens: example.tokens.slice(0, end),
    targets: example.targets.slice(0, end),
    lossMask: example.lossMask.slice(0, end),
  }
}

describe('createGradientSession', () => {
  it('computes the losses and per-example gradients of PyTorch with a PEFT adapter', async () => {
    const adapter = await readAdapter(`${fixture}peft-adapter`, model.config)
    const bytes = await readFile(`${fixture}gradients.f32`)
    const expected = new Float32Array(new Uint8Array(bytes).buffer)
    const gradients = await session.perExampleGradients(examples, adapter)
    expect(gradients.length).toBe(expected.length)
    expect(worstDifference(gradients, expected)).toBeLessThan(2e-6 * largest(expected))
    const likelihood = await session.logLikelihood(examples, adapter)
    for (const [index, value] of likelihood.entries()) {
      expect(Math.abs(value + golden.losses[index]!)).toBeLessThan(2e-5)
    }
  })

  it('computes the losses that PEFT computes with an adapter written by us', async () => {
    const adapter = await readAdapter(`${fixture}ours`, model.config)
    const likelihood = await session.logLikelihood(examples, adapter)
    for (const [index, value] of likelihood.entries()) {
      expect(Math.abs(value + golden.lossesOfOurs[index]!)).toBeLessThan(2e-5)
    }
  })

  it('keeps the input order when examples run in different buckets and batches', async () => {
    const adapter = await readAdapter(`${fixture}peft-adapter`, model.config)
    const mixed = [examples[0]!, trimmed(examples[1]!), examples[2]!, trimmed(examples[1]!)]
    expect(mixed.map(session.bucketOf)).toEqual([1, 0, 1, 0])
    const rows = await session.perExampleGradients(mixed, adapter)
    const alone = await session.perExampleGradients(examples, adapter)
    const { size } = session
    expect(rows.subarray(0, size)).toEqual(alone.subarray(0, size))
    expect(rows.subarray(2 * size, 3 * size)).toEqual(alone.subarray(2 * size))
    const same = worstDifference(rows.subarray(size, 2 * size), alone.subarray(size, 2 * size))
    expect(same).toBeLessThan(1e-5)
    expect(rows.subarray(3 * size)).toEqual(rows.subarray(size, 2 * size))
  })

  it('sums the per-example gradients and scales them by the weight', async () => {
    const adapter = await readAdapter(`${fixture}peft-adapter`, model.config)
    const rows = await session.perExampleGradients(examples, adapter)
    const { loss, gradients } = await session.lossAndGradients(examples, adapter, 0.5)
    const expected = new Float32Array(session.size).map(
      (_, i) => 0.5 * (rows[i]! + rows[session.size + i]! + rows[2 * session.size + i]!),
    )
    expect(worstDifference(gradients, expected)).toBeLessThan(1e-5)
    expect(loss).toBeCloseTo(0.5 * golden.losses.reduce((a, b) => a + b), 4)
  })

  it('serves calls that overlap one after the other', async () => {
    const adapter = await readAdapter(`${fixture}peft-adapter`, model.config)
    const alone = await session.logLikelihood([examples[1]!], adapter)
    const [first, second] = await Promise.all([
      session.logLikelihood([examples[0]!], adapter),
      session.logLikelihood([examples[1]!], adapter),
    ])
    expect(second).toEqual(alone)
    expect(first).not.toEqual(second)
  })

  it('refuses an example longer than the last bucket', async () => {
    const adapter = await readAdapter(`${fixture}peft-adapter`, model.config)
    const tokens = new Uint8Array(17).fill(1)
    const long = { tokens, targets: tokens, lossMask: tokens }
    await expect(session.logLikelihood([long], adapter)).rejects.toMatchObject({
      code: 'TEXT_INVALID',
    })
  })

  it('refuses an adapter of another rank', async () => {
    const adapter = await readAdapter(`${fixture}peft-adapter`, model.config)
    const other = { lora: { ...lora, rank: 2 }, values: adapter.values }
    await expect(session.logLikelihood(examples, other)).rejects.toMatchObject({
      code: 'ADAPTER_INVALID',
    })
  })
})
