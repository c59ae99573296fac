import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPayerClient } from '../gateway/client.ts'
import type { Gateway } from '../gateway/create-gateway.ts'
import { type TinyDirectory, tinyAdapter, tinyDirectory } from '../gpu/decode/tiny-model.fixture.ts'
import { createGpuServer, type GpuServer } from '../gpu/server/create-gpu-server.ts'
import { type GatewayWorld, startGatewayWorld } from './support/gateway-world.ts'

let world: GatewayWorld
let tiny: TinyDirectory
let gpu: GpuServer
let gateway: Gateway
beforeAll(async () => {
  ;[world, tiny] = await Promise.all([startGatewayWorld(), tinyDirectory()])
  gpu = await createGpuServer({
    model: { name: 'base', directory: tiny.model },
    adapters: [{ name: 'atlas@1', directory: await tiny.adapter('atlas', tinyAdapter(1)) }],
    port: 0,
    logger: { info() {}, warn() {}, error() {} },
  })
  gateway = await world.start({ backendUrl: gpu.url })
})
afterAll(async () => {
  await gateway?.close()
  await gpu?.close()
  await world?.close()
  await tiny?.remove()
})

test('answers of the GPU server are paid, hash to what is recorded and repeat', async () => {
  const accounts = await world.payers(8, 10n ** 9n)
  const clients = accounts.map((account) => createPayerClient({ gatewayUrl: gateway.url, account }))
  const texts = await Promise.all(
    clients.map(async (client) => {
      const whole = await client.ask('atlas', 'Which chain?', { maxTokens: 24 })
      const pieces: string[] = []
      const streamed = await client.ask('atlas', 'Which chain?', {
        maxTokens: 24,
        onText: (text) => pieces.push(text),
      })
      expect(streamed.text).toBe(whole.text)
      expect(whole.text.trim()).toContain(pieces.join('').trim())
      expect(whole.provenance.tokensOut).toBe(whole.provenance.completionTokens.length)
      expect(whole.provenance.tokensIn).toBe('Which chain?'.length)
      return whole.text
    }),
  )
  expect(new Set(texts).size).toBe(1)
  const batches = await gateway.flush()
  expect(batches.reduce((sum, { calls }) => sum + calls, 0)).toBe(16)
})

test('a model without its adapter on the server costs nothing', async () => {
  await fetch(`${gpu.url}/v1/unload_lora_adapter`, {
    method: 'POST',
    body: JSON.stringify({ lora_name: 'atlas@1' }),
  })
  const account = await world.payer(10n ** 9n)
  const client = createPayerClient({ gatewayUrl: gateway.url, account })
  await expect(client.ask('atlas', 'Anyone?')).rejects.toMatchObject({
    code: 'BACKEND_UNAVAILABLE',
    facts: { status: '404', answer: expect.stringContaining('UNKNOWN_MODEL') },
  })
})
