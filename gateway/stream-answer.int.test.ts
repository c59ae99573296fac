import type { LocalAccount } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { requestHash } from '../schema/codec/call-body.ts'
import { emptyChain, extendChain, voucherDomain, voucherTypes } from '../schema/codec/voucher.ts'
import type { Hex } from '../schema/events/event.ts'
import { fakeAnswer } from '../test/support/fake-gpu-server.ts'
import { type GatewayWorld, startGatewayWorld } from '../test/support/gateway-world.ts'
import { createPayerClient } from './client.ts'
import type { Gateway } from './create-gateway.ts'
import { encodeVoucherHeaders } from './voucher-header.ts'

let world: GatewayWorld
let gateway: Gateway
beforeAll(async () => {
  world = await startGatewayWorld()
  gateway = await world.start()
})
afterAll(() => world.close())

const newClient = async () =>
  createPayerClient({ gatewayUrl: gateway.url, account: await world.payer(10n ** 9n) })

async function laneOf(payer: string): Promise<{ calls: string; charged: string }> {
  return (await (await fetch(`${gateway.url}/v1/lanes/${payer}/atlas`)).json()) as never
}

/** Starts a streamed call and returns its response before the body is read. */
async function startStream(
  account: LocalAccount,
  prompt: string,
): Promise<{ response: Response; hash: Hex; nonce: Hex }> {
  const { addresses } = world.chain.deployment
  const nonce: Hex = `0x${'4'.repeat(64)}`
  const hash = requestHash({ model: 'atlas', prompt, maxTokens: 30, nonce })
  const voucher = {
    payer: account.address.toLowerCase() as Hex,
    operator: world.operator,
    modelId: 1,
    termsVersion: 1,
    calls: 1n,
    cumulativeMaxFee: 1_000_000n,
    callsChain: extendChain(emptyChain, hash),
  }
  const signature = await account.signTypedData({
    domain: voucherDomain(world.chain.anvil.chainId, addresses.ledger),
    types: voucherTypes,
    primaryType: 'Voucher',
    message: voucher,
  })
  const response = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: encodeVoucherHeaders({ voucher, signer: voucher.payer, signature, nonce }),
    body: JSON.stringify({
      model: 'atlas',
      messages: [{ role: 'user', content: prompt }],
      max_tokens: 30,
      stream: true,
    }),
  })
  return { response, hash, nonce }
}

test('a streamed answer comes in pieces and ends with its provenance', async () => {
  const client = await newClient()
  const pieces: string[] = []
  const answer = await client.ask('atlas', 'Base?', {
    maxTokens: 20,
    onText: (text) => pieces.push(text),
  })
  expect(answer.text).toBe(fakeAnswer('Base?', 20))
  expect(pieces.join('')).toBe(answer.text.trimStart())
  expect(pieces.length).toBeGreaterThan(3)
  expect(await laneOf(client.payer)).toMatchObject({ calls: '1', charged: answer.provenance.fee })
})

test('streams of many payers at once do not mix', async () => {
  const clients = await Promise.all(
    (await world.payers(12, 10n ** 9n)).map((account) =>
      createPayerClient({ gatewayUrl: gateway.url, account }),
    ),
  )
  const answers = await Promise.all(
    clients.map((client, i) => client.ask('atlas', `q${i}`, { maxTokens: 20, onText() {} })),
  )
  expect(answers.map(({ text }) => text)).toEqual(clients.map((_, i) => fakeAnswer(`q${i}`, 20)))
})

test('a client that leaves in mid-stream is charged and can fetch the answer', async () => {
  const account = await world.payer(10n ** 9n)
  const client = createPayerClient({ gatewayUrl: gateway.url, account })
  const prompt = 'I leave early'
  const left = await startStream(account, prompt)
  await left.response.body?.cancel()
  await expect.poll(async () => (await laneOf(client.payer)).calls, { timeout: 20_000 }).toBe('1')
  const url = `${gateway.url}/v1/calls/${left.hash}`
  const stored = await fetch(url, { headers: { 'x-provenant-nonce': left.nonce } })
  expect(await stored.json()).toMatchObject({ output: { text: fakeAnswer(prompt, 30) } })
  for (const nonce of [undefined, `0x${'0'.repeat(64)}`]) {
    const refused = await fetch(url, nonce ? { headers: { 'x-provenant-nonce': nonce } } : {})
    expect(refused.status).toBe(404)
    expect(await refused.json()).toMatchObject({ error: { code: 'CALL_UNKNOWN' } })
  }
  const next = await client.ask('atlas', 'I stay')
  expect(next.provenance.callPosition).toBe('2')
  expect((await gateway.flush()).at(-1)?.skipped).toEqual([])
})

test('a backend that breaks off in mid-stream costs nothing', async () => {
  const client = await newClient()
  world.gpu.behave('break-off')
  await expect(client.ask('atlas', 'half', { onText() {} })).rejects.toMatchObject({
    code: 'BACKEND_UNAVAILABLE',
  })
  world.gpu.behave('ok')
  expect(await laneOf(client.payer)).toMatchObject({ calls: '0', charged: '0' })
  expect((await client.ask('atlas', 'whole', { onText() {} })).provenance.callPosition).toBe('1')
})

test('a stream that cannot start is refused with a status', async () => {
  world.gpu.behave('error')
  const { response } = await startStream(await world.payer(10n ** 9n), 'x')
  world.gpu.behave('ok')
  expect(response.status).toBe(503)
})

test('closing waits for running answers and refuses new ones', async () => {
  const closing = await world.start({ dir: `${world.dir}/closing` })
  const asking = createPayerClient({
    gatewayUrl: closing.url,
    account: await world.payer(10n ** 9n),
  })
  world.gpu.delay(300)
  const running = asking.ask('atlas', 'in time')
  await expect.poll(() => world.gpu.asked.at(-1), { timeout: 20_000 }).toBe('in time')
  const closed = closing.close()
  await expect(
    createPayerClient({ gatewayUrl: closing.url, account: await world.payer(0n) }).ask(
      'atlas',
      'l',
    ),
  ).rejects.toMatchObject({ code: expect.stringMatching(/^GATEWAY_/) })
  expect((await running).provenance.callPosition).toBe('1')
  world.gpu.delay(0)
  await closed
  await closing.close()
})
