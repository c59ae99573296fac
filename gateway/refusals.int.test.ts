import type { LocalAccount } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { requestHash } from '../schema/codec/call-body.ts'
import {
  emptyChain,
  extendChain,
  type Voucher,
  voucherDomain,
  voucherTypes,
} from '../schema/codec/voucher.ts'
import type { Hex } from '../schema/events/event.ts'
import { type GatewayWorld, startGatewayWorld } from '../test/support/gateway-world.ts'
import { createPayerClient } from './client.ts'
import type { Gateway } from './create-gateway.ts'
import { encodeVoucherHeaders } from './voucher-header.ts'

let world: GatewayWorld
let gateway: Gateway
let account: LocalAccount
beforeAll(async () => {
  world = await startGatewayWorld()
  gateway = await world.start()
  account = await world.payer(10n ** 9n)
})
afterAll(() => world.close())

const nonce: Hex = `0x${'7'.repeat(64)}`
const body = { model: 'atlas', messages: [{ role: 'user', content: 'Hi?' }], max_tokens: 10 }
const maxFee = 3n * 1000n + 10n * 2000n

interface Change {
  readonly body?: object
  readonly voucher?: Partial<Voucher>
  readonly signer?: LocalAccount
  readonly headers?: Record<string, string | undefined>
  readonly sign?: (voucher: Voucher) => Promise<Hex>
}

async function signVoucher(signer: LocalAccount, message: Voucher): Promise<Hex> {
  return signer.signTypedData({
    domain: voucherDomain(world.chain.anvil.chainId, world.chain.deployment.addresses.ledger),
    types: voucherTypes,
    primaryType: 'Voucher',
    message,
  })
}

/** Sends a call that is right in everything but the change. */
async function send(change: Change = {}) {
  const sent = { ...body, ...change.body }
  const prompt = sent.messages[0]?.content ?? ''
  const request = { model: sent.model, prompt, maxTokens: sent.max_tokens, nonce }
  const voucher: Voucher = {
    payer: account.address.toLowerCase() as Hex,
    operator: world.operator,
    modelId: 1,
    termsVersion: 1,
    calls: 1n,
    cumulativeMaxFee: maxFee,
    callsChain: extendChain(emptyChain, requestHash(request)),
    ...change.voucher,
  }
  const sign = change.sign ?? ((message) => signVoucher(change.signer ?? account, message))
  const signed = { voucher, signer: voucher.payer, signature: await sign(voucher), nonce }
  const headers = Object.entries({ ...encodeVoucherHeaders(signed), ...change.headers })
  return post(
    JSON.stringify(sent),
    Object.fromEntries(headers.filter(([, value]) => value !== undefined)) as never,
  )
}

async function post(text: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) {
  const response = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers,
    body: text,
  })
  const { error } = (await response.json()) as {
    error?: { code: string; facts: Record<string, string>; message: string; docs: string }
  }
  return { status: response.status, code: error?.code, facts: error?.facts, error }
}

describe('requests', () => {
  test.each([
    ['an empty body', ''],
    ['broken JSON', '{"model":'],
    ['invalid UTF-8', Uint8Array.of(0x7b, 0xff, 0xfe)],
    ['no messages', JSON.stringify({ ...body, messages: [] })],
    ['a system message', JSON.stringify({ ...body, messages: [{ role: 'system', content: 'x' }] })],
    ['two messages', JSON.stringify({ ...body, messages: [body.messages[0], body.messages[0]] })],
    ['sampling', JSON.stringify({ ...body, temperature: 0.7 })],
    ['tools', JSON.stringify({ ...body, tools: [] })],
    ['no token limit', JSON.stringify({ ...body, max_tokens: undefined })],
    ['a fraction of a token', JSON.stringify({ ...body, max_tokens: 1.5 })],
    ['a lone surrogate', '{"model":"atlas","messages":[{"role":"user","content":"\\ud800"}]}'],
    ['a deep array', '['.repeat(30_000)],
  ])('%s is refused', async (_, text) => {
    expect(await post(text)).toMatchObject({ status: 400, code: 'REQUEST_INVALID' })
  })

  test('a body over 64 kB is refused, with and without a declared length', async () => {
    const large = JSON.stringify({ ...body, user: 'x'.repeat(70_000) })
    expect(await post(large)).toMatchObject({ status: 413, code: 'REQUEST_TOO_LARGE' })
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      body: new Blob([large]).stream(),
      duplex: 'half',
    } as RequestInit)
    expect(response.status).toBe(413)
  })

  test('an error carries code, sentence, facts and a link to its page', async () => {
    const { error } = await send({ body: { model: 'nobody' } })
    expect(error).toMatchObject({
      code: 'UNKNOWN_MODEL',
      message: expect.stringMatching(/\.$/),
      facts: { model: 'nobody' },
      docs: 'docs/errors.md#unknown_model',
      type: 'input',
    })
  })

  test.each(['nobody', 'atlas@2', 'atlas@1@1', 'atlas@', '__proto__'])(
    'model %s is unknown',
    async (model) => {
      expect(await send({ body: { model } })).toMatchObject({ status: 404, code: 'UNKNOWN_MODEL' })
    },
  )

  test('a prompt that leaves no room for the answer is refused', async () => {
    const messages = [{ role: 'user', content: 'é'.repeat(44) }]
    expect(await send({ body: { messages } })).toMatchObject({
      code: 'PROMPT_TOO_LONG',
      facts: { promptBytes: '88', maxTokens: '10', contextTokens: '96' },
    })
  })

  test('an unknown path is refused in the same shape', async () => {
    const response = await fetch(`${gateway.url}/v1/embeddings`)
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ error: { code: 'REQUEST_INVALID' } })
  })
})

describe('vouchers', () => {
  test.each(['x-provenant-voucher', 'x-provenant-signature', 'x-provenant-nonce'])(
    'a call without %s is asked for a voucher',
    async (header) => {
      expect(await send({ headers: { [header]: undefined } })).toMatchObject({
        status: 402,
        code: 'VOUCHER_MISSING',
        facts: { header },
      })
    },
  )

  test.each([
    ['x-provenant-voucher', 'e30'],
    ['x-provenant-voucher', '%%%'],
    ['x-provenant-voucher', 'a'.repeat(6000)],
    ['x-provenant-signature', '0x12 34'],
    ['x-provenant-nonce', '0x12'],
  ])('%s = %.10s is malformed', async (header, value) => {
    expect(await send({ headers: { [header]: value } })).toMatchObject({
      status: 400,
      code: 'VOUCHER_MALFORMED',
    })
  })

  test('numbers beyond their Solidity type are malformed', async () => {
    for (const voucher of [{ calls: 2n ** 64n }, { cumulativeMaxFee: 2n ** 128n }])
      expect(await send({ voucher, sign: async () => `0x${'11'.repeat(65)}` })).toMatchObject({
        code: 'VOUCHER_MALFORMED',
      })
  })

  test.each([
    ['a stranger', { signer: undefined }, 'VOUCHER_BAD_SIGNATURE'],
    ['other terms', { voucher: { termsVersion: 2 } }, 'TERMS_STALE'],
    ['another model', { voucher: { modelId: 2 } }, 'TERMS_STALE'],
    [
      'another operator',
      { voucher: { operator: `0x${'2'.repeat(40)}` } },
      'VOUCHER_WRONG_OPERATOR',
    ],
    ['a position ahead', { voucher: { calls: 2n } }, 'VOUCHER_OUT_OF_ORDER'],
    ['another chain', { voucher: { callsChain: emptyChain } }, 'VOUCHER_OUT_OF_ORDER'],
    ['position zero', { voucher: { calls: 0n } }, 'VOUCHER_REPLAYED'],
    ['one unit too little', { voucher: { cumulativeMaxFee: maxFee - 1n } }, 'VOUCHER_TOO_LOW'],
    [
      'the nonce of another call',
      { headers: { 'x-provenant-nonce': emptyChain } },
      'VOUCHER_OUT_OF_ORDER',
    ],
    [
      'another prompt than signed',
      { body: { max_tokens: 11 }, voucher: { callsChain: `0x${'3'.repeat(64)}` } },
      'VOUCHER_OUT_OF_ORDER',
    ],
  ] as const)('a voucher of %s is refused', async (name, change, code) => {
    const stranger = name === 'a stranger' ? { signer: await world.payer(0n) } : {}
    expect(await send({ ...change, ...stranger } as Change)).toMatchObject({ code })
  })

  test('signatures that the ledger would refuse are refused here', async () => {
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
    const mirrored = (signature: Hex): Hex => {
      const s = order - BigInt(`0x${signature.slice(66, 130)}`)
      const v = signature.endsWith('1b') ? '1c' : '1b'
      return `0x${signature.slice(2, 66)}${s.toString(16).padStart(64, '0')}${v}`
    }
    const parity = (signature: Hex): Hex =>
      `0x${signature.slice(2, 130)}${signature.endsWith('1b') ? '00' : '01'}`
    const cut = (signature: Hex): Hex => `0x${signature.slice(2, 130)}`
    const empty = (): Hex => '0x00'
    for (const change of [mirrored, parity, cut, empty])
      expect(
        await send({ sign: async (voucher) => change(await signVoucher(account, voucher)) }),
      ).toMatchObject({ status: 401, code: 'VOUCHER_BAD_SIGNATURE' })
  })

  test('an account that delegated its code still pays with its key, and with nothing less', async () => {
    const wallet = await world.payer(10n ** 9n)
    const voucher = { payer: wallet.address.toLowerCase() as Hex }
    // A contract that answers nothing to isValidSignature.
    await world.chain.publicClient.request({
      method: 'anvil_setCode' as never,
      params: [wallet.address, '0x00'] as never,
    })
    expect(await send({ voucher })).toMatchObject({ code: 'VOUCHER_BAD_SIGNATURE' })
    expect(await send({ signer: wallet, voucher })).toMatchObject({ status: 200 })
    expect(await gateway.flush()).toMatchObject([{ calls: 1, skipped: [] }])
  })

  test('a contract wallet pays with whatever its own check accepts', async () => {
    const wallet = await world.payer(10n ** 9n)
    // Returns the ERC-1271 magic value for every signature: PUSH4 1626ba7e, shifted to the left.
    await world.chain.publicClient.request({
      method: 'anvil_setCode' as never,
      params: [wallet.address, '0x631626ba7e60e01b5f5260205ff3'] as never,
    })
    const payer = wallet.address.toLowerCase() as Hex
    expect(await send({ voucher: { payer }, sign: async () => '0x1234' })).toMatchObject({
      status: 200,
    })
    const [batch] = await gateway.flush()
    expect(batch).toMatchObject({ calls: 1, skipped: [] })
  })

  test('a payer without money is refused and forgotten', async () => {
    const poor = await world.payer(maxFee - 1n)
    const payer = poor.address.toLowerCase() as Hex
    expect(await send({ signer: poor, voucher: { payer } })).toMatchObject({
      status: 402,
      code: 'ESCROW_UNDERFUNDED',
      facts: { available: String(maxFee - 1n), needed: String(maxFee) },
    })
    await world.deposit(payer, 1n)
    expect(await send({ signer: poor, voucher: { payer } })).toMatchObject({ status: 200 })
  })

  test('calls at the same time cannot promise the same money twice', async () => {
    const first = await world.payer(maxFee)
    world.gpu.delay(200)
    const payer = first.address.toLowerCase() as Hex
    const answers = await Promise.all([
      send({ signer: first, voucher: { payer } }),
      send({ signer: first, voucher: { payer } }),
    ])
    world.gpu.delay(0)
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  })
})

describe('replay and failure', () => {
  test('an accepted voucher is refused the second time, also after it is on the chain', async () => {
    const asked = world.gpu.asked.length
    expect(await send()).toMatchObject({ status: 200 })
    expect(await send()).toMatchObject({ status: 409, code: 'VOUCHER_REPLAYED' })
    await gateway.flush()
    expect(await send()).toMatchObject({ status: 409, code: 'VOUCHER_REPLAYED' })
    expect(world.gpu.asked.length).toBe(asked + 1)
  })

  test.each([
    ['error', 'BACKEND_UNAVAILABLE', 503],
    ['garbage', 'BACKEND_INVALID', 502],
    ['no-tokens', 'BACKEND_INVALID', 502],
    ['too-many-tokens', 'BACKEND_INVALID', 502],
  ] as const)(
    'a backend with %s costs nothing and frees the position',
    async (how, code, status) => {
      const payer = await world.payer(10n ** 9n)
      const voucher = { payer: payer.address.toLowerCase() as Hex }
      world.gpu.behave(how)
      expect(await send({ signer: payer, voucher })).toMatchObject({ code, status })
      world.gpu.behave('ok')
      expect(await send({ signer: payer, voucher })).toMatchObject({ status: 200 })
    },
  )

  test('a backend that is gone or hangs costs nothing', async () => {
    const gone = await world.start({
      dir: `${world.dir}/gone`,
      backendUrl: 'http://127.0.0.1:9',
    })
    const payer = await world.payer(10n ** 9n)
    const ask = (url: string) =>
      createPayerClient({ gatewayUrl: url, account: payer }).ask('atlas', 'x', { maxTokens: 4 })
    await expect(ask(gone.url)).rejects.toMatchObject({ code: 'BACKEND_UNAVAILABLE' })
    expect((await (await fetch(`${gone.url}/ready`)).json()) as object).toEqual({
      process: 'gateway',
      ready: false,
      missing: ['backend'],
    })
    await gone.close()
    const slow = await world.start({ dir: `${world.dir}/slow`, backendTimeoutMs: 200 })
    world.gpu.behave('hang')
    await expect(ask(slow.url)).rejects.toMatchObject({ code: 'BACKEND_UNAVAILABLE' })
    world.gpu.behave('ok')
    expect((await ask(slow.url)).provenance.callPosition).toBe('1')
    await slow.close()
  })

  test('too many calls waiting for one lane are turned away', async () => {
    const payer = await world.payer(10n ** 9n)
    const voucher = { payer: payer.address.toLowerCase() as Hex }
    world.gpu.delay(500)
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => send({ signer: payer, voucher })),
    )
    world.gpu.delay(0)
    const codes = answers.map(({ code }) => code ?? 'ok')
    expect(codes.filter((code) => code === 'ok')).toHaveLength(1)
    expect(codes.filter((code) => code === 'LANE_BUSY')).toHaveLength(3)
    expect(codes.filter((code) => code === 'VOUCHER_REPLAYED')).toHaveLength(16)
  })

  test('new terms make old vouchers stale, and a client signs again by itself', async () => {
    const payer = await world.payer(10n ** 9n)
    const fresh = await world.start({ dir: `${world.dir}/terms`, refreshMs: 50 })
    const client = createPayerClient({ gatewayUrl: fresh.url, account: payer })
    await client.ask('atlas', 'before')
    await world.setTerms(5n, 5n)
    await expect
      .poll(async () => ((await (await fetch(`${fresh.url}/v1/models`)).json()) as Models).data)
      .toMatchObject([{ id: 'atlas', provenant: { termsVersion: 2, pricePer1kIn: '5' } }])
    const { provenance } = await client.ask('atlas', 'after')
    expect(provenance).toMatchObject({ termsVersion: 2, callPosition: '1' })
    expect((await fresh.flush()).map(({ calls }) => calls)).toEqual([2])
    await fresh.close()
  })
})

interface Models {
  readonly data: readonly object[]
}
